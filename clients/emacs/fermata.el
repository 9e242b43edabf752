;;; fermata.el --- Durable workflows that hold where you must decide  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, processes

;;; Commentary:

;; Runs workflows of the Fermata service from Emacs: `M-x fermata-run' starts one on the buffer or the project, its text
;; comes into a buffer of its own, and where it asks there are buttons.  `M-x fermata-list-runs' lists runs.  They
;; survive the end of Emacs, and of the service: put (add-hook 'emacs-startup-hook #'fermata-resume) into your init
;; file.
;;
;; `fermata-define-handler' makes a Lisp function the body of a step.  See README.md beside this file.

;;; Code:

(require 'cl-lib)
(require 'subr-x)
(require 'project)
(require 'tabulated-list)
(require 'fermata-rpc)
(require 'fermata-run)

;;; Handlers

(cl-defstruct (fermata-task (:constructor fermata-task--make))
  "A step that Emacs performs."
  id connection handler input run-id path attempt idempotency-key on-cancel is-over)

(define-error 'fermata-step-failed "A step has failed")

(defvar fermata--handlers (make-hash-table :test #'equal) "Functions by the names of handlers.")
(defvar fermata--declared nil "The names that the service knows.")
(defvar fermata--tasks (make-hash-table) "Tasks under way, by the ids of their requests.")

(defun fermata-define-handler (name function)
  "Make FUNCTION the body of the steps that call NAME.
It is called with the step's input, a plist, and a task, and returns the
output, or `fermata-later' when it will call `fermata-task-done' or
`fermata-task-fail'.  Define handlers before the first run: they are
declared when the session begins, which is begun anew for a later one."
  (declare (indent 1))
  (puthash name function fermata--handlers)
  (when (and fermata--connection (not (member name fermata--declared)))
    (push name fermata--declared)
    (run-at-time 0 nil #'fermata--begin-anew)))

(defun fermata--begin-anew ()
  "End the session, and begin another."
  (fermata-stop)
  (fermata--start))

(defun fermata--names ()
  "The names of the handlers."
  (setq fermata--declared (sort (hash-table-keys fermata--handlers) #'string<)))

(defun fermata-fail (message &rest data)
  "Fail the step with MESSAGE.
DATA is members such as :kind \"shop.closed\" :retryable :json-false."
  (signal 'fermata-step-failed (cons message data)))

(defun fermata--task (params)
  "The task that PARAMS ask for; what is answered comes later."
  (fermata-task--make :connection fermata--connection :handler (plist-get params :handler) :input (plist-get params :input)
                      :run-id (plist-get params :runId) :path (plist-get params :path)
                      :attempt (plist-get params :attempt) :idempotency-key (plist-get params :idempotencyKey)))

(defun fermata--task-asked (task id)
  "Perform TASK, asked for with ID, once what was read is taken."
  (setf (fermata-task-id task) id)
  (puthash id task fermata--tasks)
  (run-at-time 0 nil #'fermata--perform task))

(defun fermata--perform (task)
  "Perform TASK."
  (unless (fermata-task-is-over task)
    (let ((function (gethash (fermata-task-handler task) fermata--handlers)))
      (if (not function)
          (fermata--reply task :error (list :code -32601 :message
                                            (format "Emacs has no handler \"%s\"." (fermata-task-handler task))))
        (condition-case oops
            (let ((output (funcall function (fermata-task-input task) task)))
              (unless (eq output 'fermata-later) (fermata-task-done task output)))
          (fermata-step-failed (apply #'fermata-task-fail task (cdr oops)))
          (error (fermata-task-fail task (error-message-string oops))))))))

(defun fermata--reply (task &rest answer)
  "Answer the request of TASK with ANSWER, once.
Only the service that asked is answered."
  (unless (fermata-task-is-over task)
    (setf (fermata-task-is-over task) t)
    (remhash (fermata-task-id task) fermata--tasks)
    (when (jsonrpc-running-p (fermata-task-connection task))
      (apply #'jsonrpc-connection-send (fermata-task-connection task) :id (fermata-task-id task) answer))))

(defun fermata-task-done (task output)
  "End TASK with OUTPUT."
  (fermata--reply task :result (list :output output)))

(defun fermata-task-fail (task message &rest data)
  "End TASK as failed with MESSAGE, and DATA such as :kind and :retryable."
  (fermata--reply task :error (append (list :code -32603 :message message) (and data (list :data data)))))

(defun fermata--task-say (task method params)
  "Say METHOD with PARAMS of TASK."
  (fermata--notify method (append (list :runId (fermata-task-run-id task) :path (fermata-task-path task)
                                        :attempt (fermata-task-attempt task))
                                  params)))

(defun fermata-task-text (task text)
  "Stream TEXT from TASK."
  (fermata--task-say task :step/textDelta (list :text text)))

(defun fermata-task-log (task message &optional level)
  "Log MESSAGE from TASK; LEVEL is \"debug\", \"info\", \"warning\" or \"error\"."
  (fermata--task-say task :step/log (list :message message :level level)))

(defun fermata-task-progress (task current &optional total message)
  "Say that TASK has come to CURRENT of TOTAL, with MESSAGE."
  (fermata--task-say task :step/progress (list :current current :total total :message message)))

(defun fermata-task-heartbeat (task)
  "Say that TASK is alive."
  (fermata--task-say task :step/heartbeat nil))

(defun fermata--task-cancelled (id)
  "Tell the task of the request ID that it is not wanted any more."
  (when-let ((task (gethash id fermata--tasks)))
    (setf (fermata-task-is-over task) t)
    (remhash id fermata--tasks)
    (when (fermata-task-on-cancel task) (funcall (fermata-task-on-cancel task)))))

;;; A session

(defun fermata--marker ()
  "The file that says that there are open runs."
  (locate-user-emacs-file "fermata-open"))

(defun fermata--remember (&rest _)
  "Note whether there are open runs, for the next Emacs."
  (if (cl-some (lambda (run) (not (fermata-run-is-over run))) (hash-table-values fermata--runs))
      (unless (file-exists-p (fermata--marker)) (write-region "" nil (fermata--marker) nil 'silent))
    (delete-file (fermata--marker))))

(defun fermata--find-open ()
  "Follow the namespace's open runs."
  (fermata-request :run/list '(:filter (:status ["in-progress" "awaiting"]) :limit 1000)
                   (lambda (problem answer)
                     (if problem (message "fermata: %s" (plist-get problem :message))
                       (seq-doseq (run (plist-get answer :runs))
                         (unless (gethash (plist-get run :runId) fermata--runs)
                           (fermata--subscribe (plist-get run :runId))))))))

(defun fermata--session-begun (is-first)
  "Go on after a session has begun; IS-FIRST for the first."
  (dolist (id (hash-table-keys fermata--tasks)) (fermata--task-cancelled id))
  (if is-first (fermata--find-open) (fermata--subscribe-again)))

(setq fermata--handler-names #'fermata--names
      fermata--on-step #'fermata--task
      fermata--on-step-sent #'fermata--task-asked
      fermata--is-deferred #'fermata-task-p
      fermata--on-cancel #'fermata--task-cancelled
      fermata--on-notification #'fermata--take
      fermata--on-begin #'fermata--session-begun)

(add-hook 'fermata-event-functions
          (lambda (_run method _params)
            (when (string-prefix-p "run/" (symbol-name method)) (fermata--remember))))
(add-hook 'kill-emacs-hook #'fermata-stop)

;;;###autoload
(defun fermata-resume ()
  "Find the runs again that were open when Emacs ended, and ask what they ask."
  (interactive)
  (when (or (called-interactively-p 'any) (file-exists-p (fermata--marker)))
    (if fermata--connection (fermata--find-open) (fermata--start))))

;;; Workflows

(defun fermata--root ()
  "The folder that this buffer's workflows and runs belong to."
  (expand-file-name
   (or (locate-dominating-file default-directory ".fermata")
       (when-let ((project (project-current))) (if (fboundp 'project-root) (project-root project)))
       default-directory)))

(defun fermata--files ()
  "The project's workflows as an alist from names to files."
  (mapcar (lambda (file)
            (cons (string-remove-suffix ".workflow" (file-name-base file)) file))
          (append (file-expand-wildcards (expand-file-name ".fermata/*.json" (fermata--root)))
                  (file-expand-wildcards (expand-file-name "*.workflow.json" (fermata--root))))))

(defun fermata-read-workflow (file)
  "The document in FILE, as it can be given on.
Objects are hash tables, so that empty ones stay objects."
  (with-temp-buffer
    (insert-file-contents file)
    (json-parse-buffer :object-type 'hash-table :null-object nil :false-object :json-false)))

(defun fermata--context ()
  "What a workflow can know of this buffer, or of its region."
  (let ((start (if (use-region-p) (region-beginning) (point-min)))
        (end (if (use-region-p) (region-end) (point-max))))
    (list "file" (and buffer-file-name (file-relative-name buffer-file-name (fermata--root)))
          "filetype" (string-remove-suffix "-mode" (symbol-name major-mode))
          ;; Bytes that are no characters would lose the whole message.
          "text" (replace-regexp-in-string "[\x3fff80-\x3fffff]" "\ufffd" (buffer-substring-no-properties start end))
          "firstLine" (line-number-at-pos start) "lastLine" (line-number-at-pos end))))

(defun fermata--member (document &rest names)
  "The member of DOCUMENT at the path NAMES, if there is one."
  (while (and names (hash-table-p document)) (setq document (gethash (pop names) document)))
  (and (not names) document))

(defun fermata--input (document given)
  "The input for DOCUMENT: what was GIVEN, and what its schema names.
What neither it nor the buffer has is asked."
  (let ((properties (fermata--member document "input" "properties")) (context (fermata--context)))
    (cond ((and (not given) (equal (fermata--member document "input" "type") "string")) (lax-plist-get context "text"))
          ((or (not (hash-table-p properties)) (and given (not (hash-table-p given)))) given)
          (t
           (let ((input (if given (copy-hash-table given) (make-hash-table :test #'equal))))
             (dolist (name (hash-table-keys properties))
               (when-let ((value (and (not (gethash name input)) (lax-plist-get context name)))) (puthash name value input)))
             (seq-doseq (name (fermata--member document "input" "required"))
               (unless (gethash name input)
                 (let* ((schema (gethash name properties))
                        (enum (fermata--member schema "enum")) (type (fermata--member schema "type")))
                   (puthash name (fermata--read-value (concat name ":") (list :type type :enum enum) nil) input))))
             input)))))

(defun fermata--read-input (text)
  "The input that TEXT says: JSON, or a plain text."
  (condition-case nil
      (json-parse-string text :object-type 'hash-table :null-object nil :false-object :json-false)
    (error text)))

(defun fermata--names-of-workflows ()
  "Names of the project's workflows, and of the registered ones."
  (let ((registered (fermata-await (lambda (callback) (fermata-request :workflow/list nil callback)))))
    (delete-dups (append (mapcar #'car (fermata--files))
                         (mapcar (lambda (found) (plist-get found :name)) (plist-get registered :workflows))))))

(cl-defun fermata-start (workflow &key input labels options run-id cwd on-start on-end)
  "Create and start a run of WORKFLOW, a registered name or a document.
INPUT, LABELS, OPTIONS, RUN-ID and CWD are as in run/create.  ON-START is
called with an error or nil, and the run; ON-END with the run when it is
over: see `fermata-run-status', `fermata-run-output', `fermata-run-error'.
Return the run."
  (let ((run (fermata--create
              (append (list :workflow workflow :input input :cwd (directory-file-name (expand-file-name (or cwd (fermata--root)))))
                      (and labels (list :labels labels)) (and options (list :options options))
                      (and run-id (list :runId run-id)))
              (or on-start #'fermata--answered))))
    (when on-end (fermata-run-wait run on-end))
    (fermata--display run)
    run))

;;;###autoload
(defun fermata-run (name &optional input)
  "Start the workflow NAME on this buffer or its region.
It is one of the project's or a registered one.  INPUT is JSON or a plain
text, asked for with a prefix argument.  Of the buffer the run gets what the
workflow's schema names: file, filetype, text, firstLine, lastLine."
  (interactive
   (list (completing-read "Workflow: " (fermata--names-of-workflows) nil t)
         (when current-prefix-arg (read-string "Input: "))))
  (let* ((file (cdr (assoc name (fermata--files))))
         (document
          (if file (fermata-read-workflow file)
            ;; What comes over the wire is plists; the schema is wanted as it is in a file.
            (fermata--read-input
             (json-serialize (plist-get (fermata-await (lambda (callback)
                                                         (fermata-request :workflow/get (list :name name) callback)))
                                        :document)
                             :null-object nil :false-object :json-false)))))
    (fermata-start (if file document name)
                   :input (fermata--input document (and input (fermata--read-input input))))))

;;; The list

(defvar fermata-list-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'fermata-open)
    (define-key map "a" #'fermata-answer)
    (define-key map "p" #'fermata-pause)
    (define-key map "r" #'fermata-resume-run)
    (define-key map "c" #'fermata-cancel)
    (define-key map "t" #'fermata-retry)
    (define-key map "d" #'fermata-diagram)
    map)
  "Keys of the list of runs.")

(define-derived-mode fermata-list-mode tabulated-list-mode "Fermata runs"
  "The runs of the namespace, newest first.
\\{fermata-list-mode-map}"
  (setq tabulated-list-format [("" 2) ("Status" 12 t) ("Steps" 7) ("Created" 17 t) ("Workflow" 24 t) ("Run" 0 t)])
  (setq-local revert-buffer-function (lambda (&rest _) (fermata--refresh)))
  (tabulated-list-init-header))

(defun fermata--entry (run)
  "The line of RUN in the list."
  (let ((progress (plist-get run :progress)) (id (plist-get run :runId)))
    (list id
          (vector (fermata--mark (plist-get run :status) (eq t (plist-get run :isPaused)))
                  (plist-get run :status)
                  (format "%d/%d" (plist-get progress :current) (plist-get progress :total))
                  (subst-char-in-string ?T ?\s (substring (plist-get run :createdAt) 0 16))
                  (plist-get (plist-get run :workflow) :name)
                  id))))

(defun fermata--refresh ()
  "Ask for the list again."
  (fermata-request :run/list '(:limit 200)
                   (lambda (problem answer)
                     (if problem (message "fermata: %s" (plist-get problem :message))
                       (when-let ((buffer (get-buffer "*fermata runs*")))
                         (with-current-buffer buffer
                           (setq tabulated-list-entries (mapcar #'fermata--entry (plist-get answer :runs)))
                           (tabulated-list-print t)))))))

(defvar fermata--refresh-timer nil "Set while a refresh is due.")

(defun fermata--refresh-later (_run method _params)
  "Ask for the list again when METHOD changed a run's standing.
Once for all that came together."
  (when (and (string-prefix-p "run/" (symbol-name method)) (get-buffer-window "*fermata runs*" t) (not fermata--refresh-timer))
    (setq fermata--refresh-timer
          (run-at-time 0 nil (lambda () (setq fermata--refresh-timer nil) (fermata--refresh))))))

(add-hook 'fermata-event-functions #'fermata--refresh-later)

;;;###autoload
(defun fermata-list-runs ()
  "List runs, newest first."
  (interactive)
  (with-current-buffer (get-buffer-create "*fermata runs*")
    (unless (derived-mode-p 'fermata-list-mode) (fermata-list-mode))
    (fermata--refresh)
    (pop-to-buffer (current-buffer))))

;;; What can be done with a run

(defun fermata--current ()
  "The id of the run here: of this buffer, of this line, or one that is chosen."
  (or (and fermata--buffer-run (fermata-run-id fermata--buffer-run))
      (and (derived-mode-p 'fermata-list-mode) (tabulated-list-get-id))
      (completing-read "Run: " (hash-table-keys fermata--runs) nil t)))

(defun fermata--move (method id)
  "Ask METHOD of the run ID."
  (fermata-request method (list :runId id) #'fermata--answered))

(defun fermata-pause (id)
  "Start nothing more of the run ID until it is resumed."
  (interactive (list (fermata--current)))
  (fermata--move :run/pause id))

(defun fermata-resume-run (id)
  "Let the run ID go on that was paused."
  (interactive (list (fermata--current)))
  (fermata--move :run/resume id))

(defun fermata-cancel (id)
  "End the run ID."
  (interactive (list (fermata--current)))
  (fermata--move :run/cancel id))

(defun fermata-retry (id)
  "Let the run ID go on from where it failed or was cancelled."
  (interactive (list (fermata--current)))
  (fermata--subscribe id (lambda (problem _run)
                           (if problem (fermata--answered problem nil) (fermata--move :run/retry id)))))

(defun fermata-open (id)
  "Show the run ID."
  (interactive (list (fermata--current)))
  (pop-to-buffer (fermata--buffer (or (gethash id fermata--runs) (fermata--subscribe id)))))

(defun fermata-diagram (id)
  "Show where the run ID stands: a picture where there can be one, else Mermaid."
  (interactive (list (fermata--current)))
  (let ((is-picture (and (display-graphic-p) (image-type-available-p 'svg))))
    (fermata-request
     :workflow/diagram (list :runId id :format (if is-picture "svg" "mermaid"))
     (lambda (problem answer)
       (if problem (fermata--answered problem nil)
         (with-current-buffer (get-buffer-create (format "*fermata diagram %s*" id))
           (let ((inhibit-read-only t))
             (erase-buffer)
             (insert (plist-get answer :diagram))
             (goto-char (point-min))
             (if is-picture (image-mode) (special-mode)))
           (display-buffer (current-buffer))))))))

(defun fermata--open-questions ()
  "All that is asked, as an alist from a line to (RUN . QUESTION)."
  (let (open)
    (maphash (lambda (_id run)
               (maphash (lambda (_id question)
                          (push (cons (format "%s: %s" (fermata-run-workflow run)
                                              (or (plist-get question :message) (plist-get question :prompt)))
                                      (cons run question))
                                open))
                        (fermata-run-questions run)))
             fermata--runs)
    open))

;;;###autoload
(defun fermata-answer ()
  "Answer what a run asks; if more than one asks, choose."
  (interactive)
  (let* ((open (or (fermata--open-questions) (user-error "Nothing is asked")))
         (line (if (cdr open) (completing-read "Answer: " open nil t) (caar open)))
         (question (cddr (assoc line open))) (id (plist-get question :interactionId)))
    (if (not (equal (plist-get question :kind) "approval"))
        (fermata--answer-input (cadr (assoc line open)) question)
      (pcase (car (read-multiple-choice line '((?a "approve") (?r "reject") (?w "reject, and say why") (?l "later"))))
        (?a (fermata-approve id))
        (?r (fermata-approve id "rejected"))
        (?w (fermata-approve id "rejected" (read-string "Why? ")))))))

(provide 'fermata)
;;; fermata.el ends here
