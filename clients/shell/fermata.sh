# Durable workflows from bash (4.4 or later), with jq. Source this file; see README.md.
#
#   fermata_open [FLAG…]                start the service and begin a session; the flags are the executable's
#   fermata_call METHOD [PARAMS]        ask and wait: $FERMATA_RESULT, or 1 and $FERMATA_ERROR
#   fermata_ask METHOD [PARAMS]         ask and go on: $FERMATA_ID, for fermata_await ID and fermata_cancel ID
#   fermata_next [SECONDS]              the next notification: $FERMATA_METHOD and $FERMATA_PARAMS
#   fermata_run WORKFLOW [INPUT] [ID]   create and start a run of a file or a registered workflow: $FERMATA_RUN
#   fermata_follow ID                   be told of a run from where we were told last
#   fermata_wait ID [SECONDS]           print its text, ask its questions, wait for its end: $FERMATA_OUTPUT
#   fermata_approve INTERACTION [rejected] [MESSAGE],  fermata_answer INTERACTION JSON
#   fermata_close                       end the service; runs stay where they are
#
# Set before: FERMATA (the executable), FERMATA_NAMESPACE (shell), FERMATA_ALLOW_COMMANDS=true, FERMATA_USER ($USER),
# FERMATA_ON_QUESTION (a function that is given a question as JSON and answers it, or returns 1).
# PARAMS, INPUT and what comes back are JSON. Nothing here survives in a subshell: call without $(…).

declare -gA FERMATA_SEQ=() FERMATA_BYTES=() FERMATA_ANSWERS=() FERMATA_FAILED=() FERMATA_OPEN=() FERMATA_LIVE=()
declare -ga FERMATA_METHODS=() FERMATA_BODIES=()
FERMATA_FIRST=0 FERMATA_LAST_ID=0 FERMATA_RUNS=0 FERMATA_DEATHS=0

# Each message becomes two lines: what it is, and what it carries.
# shellcheck disable=SC2016 # The dollars are jq's.
FERMATA_FILTER='
    if .method == null then ["answer", .id, has("error")] elif has("id") then ["request", .id, .method]
    else ["notification", null, .method, .params.runId, .params.seq] end
    | map(if . == null or . == "" then "-" else tostring end) | join(" ")'

fermata_open() {
    if ! command -v "${FERMATA:-fermata}" >/dev/null; then
        FERMATA_ERROR='{"code":-32099,"message":"There is no executable fermata: FERMATA names one.","data":{"kind":"service.missing"}}'
        return 1
    fi
    FERMATA_FLAGS=("$@")
    FERMATA_DEATHS=0
    FERMATA_METHODS=() FERMATA_BODIES=() FERMATA_FIRST=0 FERMATA_SEQ=() FERMATA_BYTES=() FERMATA_OPEN=() FERMATA_LIVE=()
    _fermata_start
}

_fermata_start() {
    local begin
    coproc FERMATA_SERVICE { exec "${FERMATA:-fermata}" "${FERMATA_FLAGS[@]}"; } 2>/dev/null
    FERMATA_PID=$FERMATA_SERVICE_PID
    # A coprocess's own descriptors are closed in subshells; these copies are not.
    exec {FERMATA_TO}>&"${FERMATA_SERVICE[1]}" {FERMATA_RAW}<&"${FERMATA_SERVICE[0]}"
    eval "exec ${FERMATA_SERVICE[1]}>&- ${FERMATA_SERVICE[0]}<&-"
    exec {FERMATA_FROM}< <(exec {FERMATA_TO}>&-; exec jq --unbuffered -rc "($FERMATA_FILTER), tojson" <&"$FERMATA_RAW")
    exec {FERMATA_RAW}<&-
    FERMATA_ANSWERS=() FERMATA_HEAD='' FERMATA_PIECE='' FERMATA_WRITER='' FERMATA_IS_READY=''
    begin=$(jq -cn --argjson commands "${FERMATA_ALLOW_COMMANDS:-false}" --arg namespace "${FERMATA_NAMESPACE:-shell}" \
        --argjson pid "$$" '{clientInfo: {name: "shell"}, $namespace, processId: $pid, capabilities: {$commands,
            notifications: {optOut: ["run/stateChanged", "run/progress", "step/decided"]}}}')
    fermata_call initialize "$begin" || return 1
    FERMATA_IS_READY=true
    fermata_notify initialized '{}'
}

# Writing is left to another process: the service may be waiting for us to read, and a closed pipe must not end us.
_fermata_send() {
    local LC_ALL=C
    if [[ -n $FERMATA_WRITER ]]; then wait "$FERMATA_WRITER"; fi
    (printf '%s\n' "${1//$'\n'/ }" >&"$FERMATA_TO") 2>/dev/null &
    FERMATA_WRITER=$!
}

fermata_notify() {
    _fermata_send "{\"jsonrpc\":\"2.0\",\"method\":\"$1\",\"params\":${2:-{\}}}"
}

fermata_ask() {
    FERMATA_ID=$((++FERMATA_LAST_ID))
    _fermata_send "{\"jsonrpc\":\"2.0\",\"id\":$FERMATA_ID,\"method\":\"$1\",\"params\":${2:-{\}}}"
}

# The answer is not wanted any more: fermata_await then fails with the code -32800.
fermata_cancel() {
    fermata_notify '$/cancelRequest' "{\"id\":$1}"
}

fermata_await() {
    local id=$1 code
    while [[ -z ${FERMATA_ANSWERS[$id]+set} ]]; do
        _fermata_receive && continue
        code=$?
        [[ $code -eq 1 ]] || return "$code"
        # The service died, and what it was asked with it.
        if [[ -n $FERMATA_IS_READY ]]; then _fermata_restart; fi
        FERMATA_ERROR='{"code":-32099,"message":"The service ended before it answered.","data":{"kind":"connection.lost"}}'
        FERMATA_RESULT=''
        return 1
    done
    FERMATA_RESULT='' FERMATA_ERROR=''
    code=0
    if [[ ${FERMATA_FAILED[$id]} == true ]]; then
        FERMATA_ERROR=$(jq -c .error <<<"${FERMATA_ANSWERS[$id]}")
        code=1
    else
        FERMATA_RESULT=$(jq -c .result <<<"${FERMATA_ANSWERS[$id]}")
    fi
    unset "FERMATA_ANSWERS[$id]" "FERMATA_FAILED[$id]"
    return "$code"
}

fermata_call() {
    fermata_ask "$@"
    fermata_await "$FERMATA_ID"
}

# Takes one message: 0, 1 when the service has ended, 142 when SECONDS have passed.
_fermata_receive() {
    local LC_ALL=C line='' code seconds=${1:-}
    while true; do
        IFS= read -r ${seconds:+-t "$seconds"} -u "$FERMATA_FROM" line
        code=$?
        FERMATA_PIECE+=$line
        [[ $code -eq 0 ]] || break
        line=$FERMATA_PIECE FERMATA_PIECE=''
        if [[ -n $FERMATA_HEAD ]]; then _fermata_take "$FERMATA_HEAD" "$line"; FERMATA_HEAD=''; return 0; fi
        FERMATA_HEAD=$line
    done
    [[ $code -gt 128 ]] && return 142
    return 1
}

_fermata_take() {
    local kind id method run seq
    read -r kind id method run seq <<<"$1"
    case $kind in
        answer) FERMATA_ANSWERS[$id]=$2 FERMATA_FAILED[$id]=$method ;;
        request)
            _fermata_send "{\"jsonrpc\":\"2.0\",\"id\":$id,\"error\":{\"code\":-32601,\"message\":\"A shell hosts nothing.\"}}"
            ;;
        notification)
            if [[ $seq != - ]]; then
                # Told before: it comes again when a run is followed anew.
                [[ $seq -gt ${FERMATA_SEQ[$run]:-0} ]] || return 0
                FERMATA_SEQ[$run]=$seq
            fi
            FERMATA_METHODS+=("$method")
            FERMATA_BODIES+=("$2")
            ;;
    esac
}

_fermata_restart() {
    local run
    wait "$FERMATA_PID" 2>/dev/null
    exec {FERMATA_TO}>&- {FERMATA_FROM}<&-
    if ((++FERMATA_DEATHS > 5)); then
        echo "fermata: the service keeps ending" >&2
        return 1
    fi
    echo "fermata: the service ended; it is started again, and its runs go on" >&2
    _fermata_start || return 1
    for run in "${!FERMATA_SEQ[@]}"; do fermata_follow "$run"; done
}

fermata_next() {
    local code
    while [[ ${#FERMATA_METHODS[@]} -eq 0 ]]; do
        _fermata_receive "${1:-}" && continue
        code=$?
        [[ $code -eq 1 ]] || return "$code"
        _fermata_restart || return 1
    done
    FERMATA_METHOD=${FERMATA_METHODS[FERMATA_FIRST]}
    FERMATA_PARAMS=$(jq -c .params <<<"${FERMATA_BODIES[FERMATA_FIRST]}")
    unset "FERMATA_METHODS[FERMATA_FIRST]" "FERMATA_BODIES[FERMATA_FIRST]"
    FERMATA_FIRST=$((FERMATA_FIRST + 1))
    if [[ ${#FERMATA_METHODS[@]} -eq 0 ]]; then FERMATA_METHODS=() FERMATA_BODIES=() FERMATA_FIRST=0; fi
}

fermata_follow() {
    fermata_call run/subscribe "{\"runId\":\"$1\",\"afterSeq\":${FERMATA_SEQ[$1]:-0}}" || return 1
    # Questions up to here may have been answered since.
    FERMATA_LIVE[$1]=$(jq .seq <<<"$FERMATA_RESULT")
}

fermata_run() {
    local params id=${3:-sh-$(date -u +%Y%m%d%H%M%S)-$$-$((++FERMATA_RUNS))} input=${2:-null}
    FERMATA_RUN=$id
    if [[ -f $1 ]]; then
        params=$(jq -cs --arg runId "$id" --arg cwd "$PWD" \
            '{$runId, $cwd, start: true, workflow: .[0], input: .[1]}' "$1" <(printf '%s' "$input"))
    else
        params=$(jq -c --arg runId "$id" --arg cwd "$PWD" --arg workflow "$1" \
            '{$runId, $cwd, start: true, $workflow, input: .}' <<<"$input")
    fi || return 1
    until fermata_call run/create "$params"; do
        # The id is ours: what was lost is asked again, and happens once.
        [[ $FERMATA_ERROR == *connection.lost* ]] || return 1
    done
    # Also when the answer was lost, and another service was asked.
    [[ -n ${FERMATA_SEQ[$id]:-} ]] || FERMATA_SEQ[$id]=0
    [[ $FERMATA_DEATHS -eq 0 ]] || fermata_follow "$id"
}

fermata_approve() {
    local params
    params=$(jq -cn --arg interactionId "$1" --arg decision "${2:-approved}" --arg message "${3:-}" \
        --arg approver "${FERMATA_USER:-${USER:-shell}}" '{$interactionId, $decision, $approver, $message}')
    fermata_call execution/respondApproval "$params"
}

fermata_answer() {
    fermata_call execution/respondInput "{\"interactionId\":\"$1\",\"value\":$2}"
}

# Prints what is new of a text: TEXT begins at the byte OFFSET of what the attempt KEY says.
_fermata_print() {
    local LC_ALL=C key=$1 offset=$2 text=$3
    local known=${FERMATA_BYTES[$key]:-0}
    if ((offset > known || offset + ${#text} <= known)); then return; fi
    printf '%s' "${text:known-offset}"
    FERMATA_BYTES[$key]=$((offset + ${#text}))
}

_fermata_text() {
    local key offset text
    key=$(jq -r '"\(.runId) \(.path) \(.attempt)"' <<<"$FERMATA_PARAMS")
    offset=$(jq -r '.offset // 0' <<<"$FERMATA_PARAMS")
    # The x keeps line ends at the end.
    text=$(jq -j "$1, \"x\"" <<<"$FERMATA_PARAMS")
    _fermata_print "$key" "$offset" "${text%x}"
}

# Asks at the terminal; 1 where there is none, and the question stays open.
fermata_question() {
    local id reply default
    id=$(jq -r .interactionId <<<"$1")
    { : <>/dev/tty; } 2>/dev/null || return 1
    jq -r '"", (.show // empty), (.message // .prompt)' <<<"$1" >/dev/tty
    if [[ $(jq -r .kind <<<"$1") == approval ]]; then
        read -r -p 'Approve? [y/N/later] ' reply </dev/tty 2>/dev/tty || return 1
        case $reply in
            y | Y | yes) fermata_approve "$id" ;;
            l*) return 1 ;;
            *) fermata_approve "$id" rejected ;;
        esac
    else
        default=$(jq -c '.default // empty' <<<"$1")
        read -r -p "Answer (JSON)${default:+ [$default]}: " reply </dev/tty 2>/dev/tty || return 1
        fermata_answer "$id" "${reply:-$default}"
    fi
}

# Prints the run's text and asks its questions until it is over: 0 completed, 1 failed, 3 it waits for a person that is not here,
# 4 cancelled, 142 SECONDS passed without a word. Whatever comes of other runs meanwhile is dropped but their numbers.
fermata_wait() {
    local run=$1 seq
    FERMATA_OUTPUT='' FERMATA_ERROR=''
    while true; do
        fermata_next "${2:-}" || return
        [[ $(jq -r '.runId // empty' <<<"$FERMATA_PARAMS") == "$run" ]] || continue
        case $FERMATA_METHOD in
            execution/textDelta) _fermata_text .text ;;
            # The whole text, for a step that was over before we were told.
            step/completed)
                _fermata_text '(.output | if type == "object" then .text // .stdout // "" else "" end | tostring)' ;;
            execution/approvalRequested | execution/inputRequested)
                FERMATA_OPEN[$(jq -r .interactionId <<<"$FERMATA_PARAMS")]=$FERMATA_PARAMS ;;
            execution/interactionResolved) unset "FERMATA_OPEN[$(jq -r .interactionId <<<"$FERMATA_PARAMS")]" ;;
            run/completed) FERMATA_OUTPUT=$(jq -c '.output // null' <<<"$FERMATA_PARAMS"); return 0 ;;
            run/failed) FERMATA_ERROR=$(jq -c .error <<<"$FERMATA_PARAMS"); return 1 ;;
            run/cancelled) return 4 ;;
        esac
        seq=$(jq '.seq // 0' <<<"$FERMATA_PARAMS")
        ((seq < ${FERMATA_LIVE[$run]:-0})) || _fermata_questions "$run" || return 3
    done
}

_fermata_questions() {
    local id question
    for id in "${!FERMATA_OPEN[@]}"; do
        question=${FERMATA_OPEN[$id]}
        [[ $(jq -r .runId <<<"$question") == "$1" ]] || continue
        until "${FERMATA_ON_QUESTION:-fermata_question}" "$question"; do
            case $FERMATA_ERROR in
                *connection.lost*) ;; # It is asked again of the next service.
                *alreadyResolved* | *interaction.expired*) break ;;
                *input.invalid*) jq -r .message <<<"$FERMATA_ERROR" >&2 ;;
                *) return 1 ;;
            esac
        done
        unset "FERMATA_OPEN[$id]"
    done
}

fermata_close() {
    FERMATA_IS_READY=''
    fermata_call shutdown
    fermata_notify exit
    wait "$FERMATA_WRITER" 2>/dev/null
    exec {FERMATA_TO}>&- {FERMATA_FROM}<&-
    wait "$FERMATA_PID" 2>/dev/null
}
