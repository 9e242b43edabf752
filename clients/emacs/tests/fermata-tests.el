;;; fermata-tests.el --- What fermata.el must do, against the executable in FERMATA  -*- lexical-binding: t; -*-

;;; Code:

(require 'ert)
(require 'fermata)

(defvar tests-home (file-name-as-directory (getenv "HOME")))
(defvar tests-here (file-name-directory load-file-name))

(setq fermata-command (list (getenv "FERMATA")) fermata-store (concat tests-home "runs.db") fermata-user "ann"
      fermata-allow-commands t fermata-restarts 100 user-emacs-directory tests-home)

(defun until (holds)
  "Read from processes until HOLDS, thirty seconds at most."
  (let ((end (+ (float-time) 30)) value)
    (while (not (or (setq value (funcall holds)) (> (float-time) end))) (accept-process-output nil 0.02))
    (or value (error "It did not happen: %S" holds))))

(defun finished (run)
  "RUN, once it is over."
  (until (lambda () (fermata-run-is-over run)))
  run)

(defun flow (steps &optional output)
  "A workflow of STEPS, JSON, and OUTPUT."
  (json-parse-string (format "{\"name\":\"test\",\"flow\":%s%s}" steps (if output (concat ",\"output\":" output) ""))
                     :null-object nil :false-object :json-false))

(defun ask (method &optional params)
  "What METHOD answers to PARAMS."
  (fermata-await (lambda (callback) (fermata-request method params callback)) 30))

(defun text-of (run)
  "What stands in the buffer of RUN."
  (with-current-buffer (fermata--buffer run) (buffer-substring-no-properties (point-min) (point-max))))

(defun text-has (run text)
  "Wait until the buffer of RUN has TEXT."
  (until (lambda () (string-search text (text-of run)))))

(defun press (run label)
  "Press the button LABEL of RUN."
  (until (lambda () (string-search (format "[%s]" label) (text-of run))))
  (with-current-buffer (fermata--buffer run)
    (goto-char (point-min))
    (search-forward (format "[%s]" label))
    (push-button (1- (point)))))

(defun fifo (name)
  "A pipe called NAME."
  (let ((path (concat tests-home name))) (call-process "mkfifo" nil nil nil path) path))

(defun write-to (path)
  "Let go on what reads PATH."
  (call-process "sh" nil nil nil "-c" "echo go > \"$0\"" path))

(defun server () "The service's process." (jsonrpc--process fermata--connection))
(defun kill-server () "Kill the service." (signal-process (server) 'KILL))

(defvar held nil "The task that is held.")
(fermata-define-handler "hold"
  (lambda (_input task) (setq held task) (fermata-task-text task (format "attempt %d" (fermata-task-attempt task))) 'fermata-later))
(fermata-define-handler "shout"
  (lambda (input task)
    (fermata-task-text task "SHOUTING")
    (fermata-task-log task "it is loud" "warning")
    (fermata-task-progress task 1 2 "half")
    (upcase (plist-get input :text))))
(fermata-define-handler "refuse" (lambda (_input _task) (fermata-fail "Not today." :kind "shop.closed" :retryable :json-false)))
(fermata-define-handler "break" (lambda (_input _task) (error "It broke")))

(ert-deftest fermata-01-streams-text ()
  (let ((run (finished (fermata-start (flow "{\"START\":\"say\",\"say\":{\"agent\":{\"model\":\"scripted/echo\"},\"prompt\":\"Grüße,\\n世界 🌍\"}}")))))
    (should (equal (fermata-run-status run) "completed"))
    (should (string-search "✓ say (agent)\nGrüße,\n世界 🌍\n" (text-of run)))))

(ert-deftest fermata-02-handlers-answer-stream-and-log ()
  (let ((run (finished (fermata-start (flow "{\"START\":\"a\",\"a\":{\"call\":\"shout\",\"with\":{\"text\":\"${input}\"}}}") :input "wörld"))))
    (should (equal (fermata-run-output run) "WÖRLD"))
    (should (string-search "✓ a (call)\nSHOUTING\n" (text-of run)))
    (should (string-search "[warning] it is loud" (text-of run)))))

(ert-deftest fermata-03-handlers-fail-with-their-kind ()
  (let ((refused (finished (fermata-start (flow "{\"START\":\"a\",\"a\":{\"call\":\"refuse\",\"retry\":{\"attempts\":3}}}"))))
        (broken (finished (fermata-start (flow "{\"START\":\"a\",\"a\":{\"call\":\"break\"}}")))))
    (should (equal (plist-get (fermata-run-error refused) :kind) "shop.closed"))
    (should-not (string-search "attempt 2" (text-of refused)))
    (should (string-search "It broke" (plist-get (fermata-run-error broken) :message)))))

(ert-deftest fermata-04-a-task-is-told-that-it-is-not-wanted ()
  (setq held nil)
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"call\":\"hold\"}}"))) cancelled)
    (until (lambda () held))
    (setf (fermata-task-on-cancel held) (lambda () (setq cancelled t)))
    (fermata-cancel (fermata-run-id run))
    (should (equal (fermata-run-status (finished run)) "cancelled"))
    (should (until (lambda () cancelled)))))

(ert-deftest fermata-05-approvals-have-buttons ()
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"approval\":{\"message\":\"Ship?\",\"show\":{\"tag\":\"v1\"}},\"next\":\"END\"}}"))))
    (cl-letf (((symbol-function 'read-string) (lambda (&rest _) "too early"))) (press run "Reject, and say why"))
    (should (equal (plist-get (fermata-run-output (finished run)) :status) "rejected"))
    (should (string-search "? Ship?\n{\"tag\":\"v1\"}\n  = rejected by ann: too early" (text-of run)))
    (should-not (string-search "[Approve]" (text-of run)))))

(ert-deftest fermata-06-inputs-are-read-by-their-schema ()
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"input\":{\"prompt\":\"How many?\",\"schema\":{\"type\":\"integer\",\"minimum\":5}}}}"))))
    (cl-letf (((symbol-function 'read-string) (lambda (&rest _) "1"))) (press run "Answer"))
    ;; It does not fit, and the question stays.
    (cl-letf (((symbol-function 'read-string) (lambda (&rest _) "7"))) (press run "Answer"))
    (should (equal (fermata-run-output (finished run)) 7))))

(ert-deftest fermata-07-a-question-is-answered-from-anywhere ()
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"approval\":{\"message\":\"Anywhere?\"},\"next\":\"END\"}}"))))
    (text-has run "[Approve]")
    (cl-letf (((symbol-function 'read-multiple-choice) (lambda (&rest _) '(?a "approve")))) (fermata-answer))
    (should (equal (plist-get (fermata-run-output (finished run)) :status) "approved"))
    (should-error (fermata-answer) :type 'user-error)))

(ert-deftest fermata-08-a-child-asks-too ()
  (ask :workflow/register (list :document (json-parse-string "{\"name\":\"child\",\"flow\":{\"START\":\"a\",\"a\":{\"approval\":{\"message\":\"Child?\"},\"next\":\"END\"}}}")))
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"workflow\":\"child\"}}"))))
    (until (lambda () (fermata--open-questions)))
    (cl-letf (((symbol-function 'read-multiple-choice) (lambda (&rest _) '(?a "approve")))) (fermata-answer))
    (should (equal (fermata-run-status (finished run)) "completed"))))

(ert-deftest fermata-09-text-that-comes-again-is-not-doubled ()
  (let* ((fifo (fifo "again"))
         (run (fermata-start (flow (format "{\"START\":\"a\",\"a\":{\"command\":[\"sh\",\"-c\",\"echo Grüße; cat \\\"$0\\\"; echo Ende\",\"%s\"]}}" fifo)))))
    (text-has run "Grüße")
    (fermata-await (lambda (callback) (fermata--subscribe (fermata-run-id run) callback)))
    (write-to fifo)
    (finished run)
    (should (string-search "✓ a (command)\nGrüße\ngo\nEnde\n" (text-of run)))))

(ert-deftest fermata-10-a-killed-buffer-is-told-again ()
  (let ((run (finished (fermata-start (flow "{\"START\":\"a\",\"a\":{\"command\":[\"echo\",\"seen\"]}}")))))
    (kill-buffer (fermata--buffer run))
    (fermata-open (fermata-run-id run))
    (should (text-has run "✓ a (command)\nseen\n"))))

(ert-deftest fermata-11-the-service-is-killed-in-a-run ()
  (setq held nil)
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"call\":\"hold\",\"next\":\"b\"},\"b\":{\"approval\":{\"message\":\"After?\"},\"next\":\"END\"}}")))
        (first (process-id (server))))
    (text-has run "▸ a (call)\nattempt 1")
    (kill-server)
    (text-has run "▸ a (call, attempt 2)\nattempt 2")
    (should-not (equal first (process-id (server))))
    (fermata-task-done held nil)
    (text-has run "[Approve]")
    (kill-server)
    (press run "Approve")
    ;; The answer may have been lost with the service: then the question is still there.
    (until (lambda () (or (fermata-run-is-over run)
                          (and fermata--is-ready (< (fermata-run-live-at run) most-positive-fixnum)
                               (progn (when (string-search "[Approve]" (text-of run)) (press run "Approve")) nil)))))
    (should (equal (plist-get (fermata-run-output run) :status) "approved"))
    (with-current-buffer (fermata--buffer run)
      (should (= 1 (how-many (regexp-quote "? After?") (point-min) (point-max)))))))

(ert-deftest fermata-12-a-creation-that-was-lost-happens-once ()
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"set\":{\"x\":1}}}"))))
    (kill-server)
    (finished run)
    (should (= 1 (cl-count (fermata-run-id run) (plist-get (ask :run/list '(:limit 1000)) :runs)
                           :test #'equal :key (lambda (found) (plist-get found :runId)))))))

(ert-deftest fermata-13-a-slow-consumer-gets-everything ()
  (let* ((fifo (fifo "slow"))
         (run (fermata-start (flow (format "{\"START\":\"a\",\"a\":{\"command\":[\"seq\",\"1\",\"100000\"],\"next\":\"b\"},\"b\":{\"command\":[\"sh\",\"-c\",\"echo go > \\\"$0\\\"\",\"%s\"]}}" fifo)))))
    ;; Reads nothing until the run has come to its last step.
    (call-process "cat" nil nil nil fifo)
    (finished run)
    (should (string-search (mapconcat #'number-to-string (number-sequence 1 100000) "\n") (text-of run)))))

(ert-deftest fermata-14-a-wait-is-given-up ()
  (let* ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"wait\":{\"signal\":\"go\"}}}"))) problem called
         (give-up (fermata-request :run/result (list :runId (fermata-run-id run)) (lambda (why _) (setq problem why)))))
    (funcall (fermata-run-wait run (lambda (_) (setq called t))))
    (until (lambda () (>= (fermata-run-seq run) 3)))
    (funcall give-up)
    (should (equal -32800 (plist-get (until (lambda () problem)) :code)))
    (ask :execution/signal (list :runId (fermata-run-id run) :name "go"))
    (should (equal (fermata-run-status (finished run)) "completed"))
    (should-not called)))

(ert-deftest fermata-15-two-runs-and-two-branches-keep-apart ()
  (let* ((one (fifo "one")) (two (fifo "two")) (other (fermata-start (flow "{\"START\":\"a\",\"a\":{\"call\":\"hold\"}}")))
         (branch (lambda (word fifo) (format "{\"command\":[\"sh\",\"-c\",\"echo %s; cat \\\"$0\\\"; echo %s too\",\"%s\"]}" word word fifo)))
         (run (fermata-start (flow (format "{\"START\":\"both\",\"both\":{\"parallel\":{\"left\":%s,\"right\":%s}}}"
                                           (funcall branch "links" one) (funcall branch "rechts" two))))))
    (text-has run "links")
    (text-has run "rechts")
    (write-to two)
    (write-to one)
    (finished run)
    (should-not (fermata-run-is-over other))
    (should (string-search "both[left] (command)\nlinks\ngo\nlinks too" (text-of run)))
    (should (string-search "both[right] (command)\nrechts\ngo\nrechts too" (text-of run)))
    (fermata-cancel (fermata-run-id other))
    (finished other)))

(ert-deftest fermata-16-ten-megabytes ()
  (let* ((big (apply #'concat (make-list (/ (* 10 1024 1024) 6) "é🌍")))
         (run (finished (fermata-start (flow "{\"START\":\"a\",\"a\":{\"set\":{\"x\":1}}}" "\"${input}\"") :input big))))
    (should (equal (fermata-run-output run) big))))

(ert-deftest fermata-17-the-list-and-its-keys ()
  (let ((run (fermata-start (flow "{\"START\":\"a\",\"a\":{\"approval\":{\"message\":\"Listed?\"},\"next\":\"END\"}}"))))
    (text-has run "[Approve]")
    (fermata-list-runs)
    (cl-flet ((at-line (status)
                (until (lambda ()
                         (with-current-buffer "*fermata runs*"
                           (goto-char (point-min))
                           (and (search-forward (fermata-run-id run) nil t)
                                (progn (beginning-of-line) t)
                                (save-excursion (search-forward status (line-end-position) t))))))))
      (with-current-buffer "*fermata runs*"
        (at-line "awaiting")
        (call-interactively #'fermata-pause)
        (at-line "‖")
        (call-interactively #'fermata-resume-run)
        (at-line "? ")
        (call-interactively #'fermata-diagram)
        (call-interactively #'fermata-cancel)
        (at-line "cancelled")
        (call-interactively #'fermata-retry)
        (at-line "awaiting")
        (call-interactively #'fermata-cancel)
        (at-line "cancelled")))
    (should (string-search "flowchart" (with-current-buffer (format "*fermata diagram %s*" (fermata-run-id run)) (buffer-string))))))

(ert-deftest fermata-18-the-example-changes-a-buffer ()
  (let ((default-directory (concat tests-home "project/")) (process-environment process-environment))
    (make-directory (concat default-directory ".fermata") t)
    (copy-file (concat tests-here "../example/.fermata/changelog.json") ".fermata/" t)
    (dolist (line '("init -q" "-c user.name=a -c user.email=a@b commit -q --allow-empty -m First"))
      (apply #'call-process "git" nil nil nil (split-string line)))
    (let ((allowed fermata-allow-commands) (command fermata-command))
      (load (concat tests-here "../example/init.el") nil t)
      (setq fermata-allow-commands allowed fermata-command command))
    (until (lambda () fermata--is-ready))
    (with-current-buffer (find-file-noselect "CHANGES.md")
      (should (member "changelog" (fermata--names-of-workflows)))
      (let ((run (fermata-run "changelog")))
        (press run "Approve")
        (should (equal (fermata-run-output (finished run)) "inserted"))
        (should (equal (buffer-string) "## Unreleased\n\n- First (a)\n\n"))
        (set-buffer-modified-p nil)))))

(ert-deftest fermata-19-a-service-that-is-not-there-is-said-so ()
  (fermata-stop)
  (let ((fermata-command '("/nothing/here")) problem)
    (fermata-request :health/check nil (lambda (why _) (setq problem why)))
    (should (equal (fermata--kind problem) "service.missing")))
  (should (equal (plist-get (ask :health/check) :status) "ok")))

;;; fermata-tests.el ends here
