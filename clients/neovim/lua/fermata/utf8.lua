--- JSON is UTF-8, and a buffer may hold anything: what is not UTF-8 would lose the whole message.
local M = {}

-- By lead byte: how many bytes follow, and between what the first of those must lie. Overlong forms and surrogates are
-- out.
local function sequence(lead)
  if lead < 0x80 then return 0 end
  if lead >= 0xC2 and lead <= 0xDF then return 1, 0x80, 0xBF end
  if lead == 0xE0 then return 2, 0xA0, 0xBF end
  if lead == 0xED then return 2, 0x80, 0x9F end
  if lead >= 0xE1 and lead <= 0xEF then return 2, 0x80, 0xBF end
  if lead == 0xF0 then return 3, 0x90, 0xBF end
  if lead >= 0xF1 and lead <= 0xF3 then return 3, 0x80, 0xBF end
  if lead == 0xF4 then return 3, 0x80, 0x8F end
end

--- The length of the character at `place`, or nil where there is none.
local function length(text, place)
  local following, low, high = sequence(text:byte(place))
  if following == 0 then return 1 end
  if not following then return nil end
  for offset = 1, following do
    local byte = text:byte(place + offset)
    if not byte or byte < low or byte > high then return nil end
    low, high = 0x80, 0xBF
  end
  return following + 1
end

--- `text`, with U+FFFD for every byte that belongs to no character.
function M.repaired(text)
  local pieces, kept = {}, 1
  local place = text:find('[\128-\255]')
  while place do
    local size = length(text, place)
    if not size then
      pieces[#pieces + 1] = text:sub(kept, place - 1)
      pieces[#pieces + 1] = '\239\191\189'
      kept = place + 1
    end
    place = place + (size or 1)
    if (text:byte(place) or 0x80) < 0x80 then place = text:find('[\128-\255]', place) end
    if place and place > #text then break end
  end
  if #pieces == 0 then return text end
  pieces[#pieces + 1] = text:sub(kept)
  return table.concat(pieces)
end

return M
