;;; fermata-run.el --- Runs of Fermata, and their buffers  -*- lexical-binding: t; -*-

;; This file is part of fermata.el.

;;; Commentary:

;; What this Emacs knows of runs is the fold of what it was told.  Each run has a buffer, with a block for each attempt
;; of a step, into which its text goes as it comes, and buttons where it asks.

;;; Code:

(require 'cl-lib)
(require 'subr-x)
(require 'button)
(require 'fermata-rpc)

(defcustom fermata-display-runs t
  "Whether a run's buffer is shown when it starts, and when it asks."
  :type 'boolean
  :group 'fermata)

(defvar fermata-event-functions nil
  "Functions called after each event of the runs that are followed.
They get the run, a method and its params.")

(cl-defstruct (fermata--run (:conc-name fermata-run-))
  "A run that is followed."
  id workflow (status "pending") is-paused (seq 0) (live-at 0) cwd output error progress
  (questions (make-hash-table :test #'equal)) (asked nil) (texts (make-hash-table :test #'equal))
  waiting is-unborn buffer (blocks (make-hash-table :test #'equal)))

(defvar fermata--runs (make-hash-table :test #'equal) "The runs that are followed, by id.")

(defvar-local fermata--buffer-run nil "The run that this buffer shows.")

(defun fermata-run-is-over (run)
  "Whether RUN has ended."
  (and (member (fermata-run-status run) '("completed" "failed" "cancelled")) t))

(defun fermata-run-wait (run callback)
  "Call CALLBACK with RUN when it is over, at once if it is.
Return a function that gives the wait up."
  (if (fermata-run-is-over run)
      (funcall callback run)
    (push callback (fermata-run-waiting run)))
  (lambda () (setf (fermata-run-waiting run) (delq callback (fermata-run-waiting run)))))

(defun fermata--known (id)
  "The run ID, which is followed from now on."
  (or (gethash id fermata--runs)
      (puthash id (make-fermata--run :id id) fermata--runs)))

;;; The buffer

(defvar fermata-run-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map "a" #'fermata-answer)
    (define-key map "p" #'fermata-pause)
    (define-key map "r" #'fermata-resume-run)
    (define-key map "c" #'fermata-cancel)
    (define-key map "t" #'fermata-retry)
    (define-key map "d" #'fermata-diagram)
    (define-key map "\t" #'forward-button)
    map)
  "Keys of a run's buffer.")

(declare-function fermata-answer "fermata")
(declare-function fermata-pause "fermata")
(declare-function fermata-resume-run "fermata")
(declare-function fermata-cancel "fermata")
(declare-function fermata-retry "fermata")
(declare-function fermata-diagram "fermata")

(define-derived-mode fermata-run-mode special-mode "Fermata"
  "A run of a workflow: its text as it comes, and what it asks.
\\{fermata-run-mode-map}"
  (setq-local header-line-format '(:eval (fermata--heading fermata--buffer-run)))
  (setq buffer-undo-list t)
  (visual-line-mode 1))

(defun fermata--mark (status is-paused)
  "A character for STATUS, or for a run that IS-PAUSED."
  (if is-paused "‖"
    (pcase status
      ("in-progress" "▶") ("awaiting" "?") ("completed" "✓") ("failed" "✗") ("cancelled" "■") (_ "·"))))

(defun fermata--heading (run)
  "What stands above the buffer of RUN."
  (let ((progress (fermata-run-progress run)))
    (concat (fermata--mark (fermata-run-status run) (fermata-run-is-paused run)) " "
            (or (fermata-run-workflow run) "…") "  " (fermata-run-status run)
            (if progress (format " %d/%d" (plist-get progress :current) (plist-get progress :total)) "")
            (if (fermata-run-is-paused run) ", paused" "") "  " (fermata-run-id run))))

(defun fermata--buffer (run)
  "The buffer of RUN; one that was killed is told again from the journal."
  (let ((buffer (fermata-run-buffer run)))
    (if (buffer-live-p buffer)
        buffer
      (when buffer
        (setf (fermata-run-seq run) 0)
        (clrhash (fermata-run-texts run))
        (clrhash (fermata-run-blocks run))
        (fermata--subscribe (fermata-run-id run)))
      (setq buffer (generate-new-buffer (format "*fermata %s*" (fermata-run-id run))))
      (with-current-buffer buffer
        (fermata-run-mode)
        (setq fermata--buffer-run run)
        (when (fermata-run-cwd run) (setq default-directory (file-name-as-directory (fermata-run-cwd run)))))
      (setf (fermata-run-buffer run) buffer))))

(defmacro fermata--drawing (run &rest body)
  "Change the buffer of RUN with BODY; windows at its end stay there."
  (declare (indent 1))
  (let ((ending (make-symbol "ending")))
    `(when (buffer-live-p (fermata-run-buffer ,run))
       (with-current-buffer (fermata-run-buffer ,run)
         (let ((inhibit-read-only t)
               (,ending (cl-remove-if-not (lambda (window) (= (window-point window) (point-max)))
                                          (get-buffer-window-list nil nil t))))
           (save-excursion ,@body)
           (dolist (window ,ending) (set-window-point window (point-max))))))))

(defun fermata--add (text)
  "Add TEXT as lines at the end of this buffer."
  (goto-char (point-max))
  (insert text "\n"))

(defun fermata--shown (value)
  "VALUE as text, shortened."
  (if (stringp value) value
    (let ((text (json-serialize (fermata--value value) :null-object nil :false-object :json-false)))
      ;; Serialized text is bytes.
      (truncate-string-to-width (decode-coding-string text 'utf-8) 1000 nil nil t))))

(defun fermata--value (value)
  "VALUE, or null where it is nil."
  (or value :null))

(defun fermata--key (params)
  "The attempt that PARAMS are about."
  (cons (plist-get params :path) (plist-get params :attempt)))

(defun fermata--draw-started (run params)
  "Begin the block of an attempt of RUN, told in PARAMS."
  (let ((attempt (plist-get params :attempt)))
    (goto-char (point-max))
    (insert "\n")
    (let ((head (point-marker)))
      (insert (propertize (format "▸ %s (%s%s)" (plist-get params :path) (plist-get params :kind)
                                  (if (> attempt 1) (format ", attempt %d" attempt) ""))
                          'face 'bold))
      (insert "\n")
      ;; Text goes in before the line's end, and moves the tail on.
      (let ((tail (copy-marker (1- (point)) t)))
        (puthash (fermata--key params) (list :head head :tail tail :text nil) (fermata-run-blocks run))))))

(defun fermata--draw-text (run key text)
  "Put TEXT at the end of the block KEY of RUN."
  (when-let ((block (gethash key (fermata-run-blocks run))))
    (goto-char (plist-get block :tail))
    (unless (plist-get block :text)
      (plist-put block :text t)
      (insert "\n"))
    (insert text)))

(defun fermata--draw-end (run params sign)
  "End the block of an attempt of RUN, told in PARAMS, with SIGN."
  (when-let ((block (gethash (fermata--key params) (fermata-run-blocks run))))
    (goto-char (plist-get block :head))
    (delete-char 1)
    (insert (propertize sign 'face 'bold))))

(defun fermata--draw-question (run params)
  "Ask the question of RUN in PARAMS, with buttons."
  (fermata--add (propertize (concat "  ? " (or (plist-get params :message) (plist-get params :prompt))) 'face 'warning))
  (when-let ((shown (plist-get params :show))) (fermata--add (fermata--shown shown)))
  (let ((id (plist-get params :interactionId)) (start (point)))
    (insert "  ")
    (pcase-dolist (`(,label . ,action)
                   (if (equal (plist-get params :kind) "approval")
                       `(("Approve" . ,(lambda (_) (fermata-approve id)))
                         ("Reject" . ,(lambda (_) (fermata-approve id "rejected")))
                         ("Reject, and say why" . ,(lambda (_) (fermata-approve id "rejected" (read-string "Why? ")))))
                     `(("Answer" . ,(lambda (_) (fermata--answer-input run params))))))
      (insert-text-button (format "[%s]" label) 'action action 'follow-link t)
      (insert " "))
    (insert "\n")
    (puthash id (list :head (copy-marker start) :tail (point-marker)) (fermata-run-blocks run))))

(defun fermata--draw-resolved (run params)
  "Put the answer in PARAMS in the place of the buttons of RUN."
  (let ((block (gethash (plist-get params :interactionId) (fermata-run-blocks run)))
        (status (plist-get params :status)))
    (if (not block)
        (goto-char (point-max))
      (goto-char (plist-get block :head))
      (delete-region (point) (plist-get block :tail)))
    (insert (format "  = %s%s%s\n"
                    (if (equal status "answered") (fermata--shown (plist-get params :value)) status)
                    (if-let ((who (or (plist-get params :approver) (plist-get params :by)))) (concat " by " who) "")
                    (if-let ((why (plist-get params :message))) (concat ": " why) "")))))

(defun fermata--draw (run method params)
  "Draw what METHOD says of RUN with PARAMS."
  (fermata--buffer run)
  (fermata--drawing run
    (pcase method
      ('step/started (fermata--draw-started run params))
      ('step/completed (fermata--draw-end run params "✓"))
      ((or 'step/failed 'run/failed)
       (let ((failure (plist-get params :error)))
         (when (eq method 'step/failed) (fermata--draw-end run params "✗"))
         (fermata--add (propertize (format "  %s: %s" (plist-get failure :kind) (plist-get failure :message)) 'face 'error))
         (when (plist-get params :willRetryAt) (fermata--add "  It is tried again."))))
      ((or 'execution/approvalRequested 'execution/inputRequested)
       (goto-char (point-max))
       (fermata--draw-question run params))
      ('execution/interactionResolved (fermata--draw-resolved run params))
      ('execution/log (fermata--add (format "  [%s] %s" (plist-get params :level) (plist-get params :message))))
      ('run/completed
       (when (plist-get params :output) (fermata--add (concat "\n→ " (fermata--shown (plist-get params :output)))))))
    (force-mode-line-update)))

;;; The fold

(defun fermata--take-text (run params offset text)
  "Take what is new of TEXT, said by the attempt in PARAMS of RUN.
It begins at the byte OFFSET: after a reconnect it comes again."
  (let* ((key (fermata--key params))
         (known (gethash key (fermata-run-texts run) 0))
         (end (+ offset (string-bytes text))))
    (when (and (<= offset known) (> end known))
      ;; Pieces end between characters, so what is cut off is characters.
      (let ((fresh (if (= offset known) text
                     (decode-coding-string (substring (encode-coding-string text 'utf-8) (- known offset)) 'utf-8))))
        (puthash key end (fermata-run-texts run))
        (fermata--drawing run (fermata--draw-text run key fresh))
        (run-hook-with-args 'fermata-event-functions run 'text (list :path (car key) :attempt (cdr key) :text fresh))))))

(defun fermata--whole-text (output)
  "The text in a step's OUTPUT.
Nothing is streamed again of a step that is over."
  (let ((text (and (consp output) (keywordp (car output)) (or (plist-get output :text) (plist-get output :stdout)))))
    (and (stringp text) text)))

(defun fermata--fold (run method params)
  "Change RUN by what METHOD tells with PARAMS."
  (pcase method
    ('run/created
     (setf (fermata-run-workflow run) (plist-get params :workflow) (fermata-run-cwd run) (plist-get params :cwd)))
    ('run/statusChanged
     (setf (fermata-run-is-paused run) (eq (plist-get params :isPaused) t))
     ;; The end itself is told by the event that follows, which has the output.
     (unless (member (plist-get params :status) '("completed" "failed" "cancelled"))
       (setf (fermata-run-status run) (plist-get params :status))))
    ('run/completed (setf (fermata-run-status run) "completed" (fermata-run-output run) (plist-get params :output)))
    ('run/failed (setf (fermata-run-status run) "failed" (fermata-run-error run) (plist-get params :error)))
    ('run/cancelled (setf (fermata-run-status run) "cancelled"))
    ('step/started
     (when-let ((child (and (equal (plist-get params :kind) "workflow") (plist-get (plist-get params :input) :runId))))
       (unless (gethash child fermata--runs) (fermata--subscribe child))))
    ('step/completed
     (when (plist-get params :progress) (setf (fermata-run-progress run) (plist-get params :progress)))
     (when-let ((text (fermata--whole-text (plist-get params :output)))) (fermata--take-text run params 0 text)))
    ((or 'execution/approvalRequested 'execution/inputRequested)
     (puthash (plist-get params :interactionId) params (fermata-run-questions run)))
    ('execution/interactionResolved (remhash (plist-get params :interactionId) (fermata-run-questions run)))))

(defun fermata--take (method params)
  "Take the notification METHOD with PARAMS, once."
  (when-let ((run (gethash (plist-get params :runId) fermata--runs)))
    (if (eq method 'execution/textDelta)
        (fermata--take-text run params (plist-get params :offset) (plist-get params :text))
      (let ((seq (plist-get params :seq)))
        (when (and seq (> seq (fermata-run-seq run)))
          (setf (fermata-run-seq run) seq)
          (fermata--fold run method params)
          (fermata--call #'fermata--draw run method params)
          (run-hook-with-args 'fermata-event-functions run method params)
          (when (fermata-run-is-over run) (fermata--finish run))
          (fermata--tell-questions run))))))

(defun fermata--finish (run)
  "Tell who waits for the end of RUN."
  (clrhash (fermata-run-questions run))
  (let ((waiting (reverse (fermata-run-waiting run))))
    (setf (fermata-run-waiting run) nil)
    (dolist (callback waiting) (fermata--call callback run))))

(defun fermata--tell-questions (run)
  "Say that RUN asks, once a question, and nothing that was answered since."
  (when (>= (fermata-run-seq run) (fermata-run-live-at run))
    (maphash (lambda (id question)
               (unless (member id (fermata-run-asked run))
                 (push id (fermata-run-asked run))
                 (fermata--display run)
                 (message "%s asks: %s  (M-x fermata-answer)" (fermata-run-workflow run)
                          (or (plist-get question :message) (plist-get question :prompt)))))
             (fermata-run-questions run))))

(defun fermata--display (run)
  "Show RUN in a window that is not selected."
  (when fermata-display-runs
    (let* ((buffer (fermata--buffer run))
           (window (display-buffer buffer '((display-buffer-reuse-mode-window display-buffer-below-selected)
                                            (mode . fermata-run-mode) (inhibit-same-window . t)))))
      (when window (set-window-point window (with-current-buffer buffer (point-max)))))))

(defun fermata--subscribe (id &optional callback)
  "Follow the run ID from the event after the newest that is known.
CALLBACK is called with an error or nil, and the run."
  (let ((run (fermata--known id)))
    (setf (fermata-run-live-at run) most-positive-fixnum)
    (fermata-request :run/subscribe (list :runId id :afterSeq (fermata-run-seq run))
                     (lambda (problem answer)
                       (if problem
                           (when (equal (fermata--kind problem) "run.notFound") (remhash id fermata--runs))
                         (setf (fermata-run-live-at run) (plist-get answer :seq))
                         (fermata--tell-questions run))
                       (when callback (funcall callback problem run))))
    run))

(defun fermata--subscribe-again ()
  "After the service was started again: go on where it was told last."
  (maphash (lambda (id run)
             (unless (or (fermata-run-is-over run) (fermata-run-is-unborn run)) (fermata--subscribe id)))
           fermata--runs))

(defun fermata--create (params &optional callback)
  "Create and start a run as PARAMS say.
CALLBACK is called with an error or nil, and the run.  The id is ours, so
that what was lost is asked again."
  (let* ((id (or (plist-get params :runId)
                 (format "%s-%08x" (format-time-string "%Y%m%d-%H%M%S" nil t) (random #x100000000))))
         (params (append (list :runId id :start t) params))
         (run (fermata--known id)))
    (setf (fermata-run-is-unborn run) t)
    (cl-labels ((attempt (is-second)
                  (fermata-request
                   :run/create params
                   (lambda (problem _answer)
                     (if (equal (fermata--kind problem) "connection.lost")
                         (attempt t)
                       (setf (fermata-run-is-unborn run) nil)
                       (cond (problem (remhash id fermata--runs))
                             (is-second (fermata--subscribe id)))
                       (when callback (funcall callback problem run)))))))
      (attempt nil))
    run))

;;; Answers

(defun fermata--answered (problem _result)
  "Say PROBLEM, if there is one."
  (when problem (message "fermata: %s" (plist-get problem :message))))

(defun fermata-approve (interaction &optional decision message)
  "Answer the approval INTERACTION with DECISION and MESSAGE.
DECISION is \"approved\", the default, or \"rejected\"."
  (fermata-request :execution/respondApproval
                   (list :interactionId interaction :decision (or decision "approved") :approver fermata-user
                         :message message)
                   #'fermata--answered))

(defun fermata-give (interaction value)
  "Answer the input INTERACTION with VALUE."
  (fermata-request :execution/respondInput (list :interactionId interaction :value value :by fermata-user)
                   #'fermata--answered))

(defun fermata--read-value (prompt schema default)
  "Read a value that SCHEMA describes, with PROMPT and DEFAULT."
  (let ((prompt (concat (string-trim-right prompt) " ")) (type (plist-get schema :type)))
    (cond ((plist-get schema :enum)
           (completing-read prompt (append (plist-get schema :enum) nil) nil t nil nil (and (stringp default) default)))
          ((equal type "boolean") (if (y-or-n-p prompt) t :json-false))
          ((member type '(nil "string")) (read-string prompt nil nil (and (stringp default) default)))
          (t (json-parse-string (read-string prompt nil nil (and default (fermata--shown default)))
                                :object-type 'plist :null-object nil :false-object :json-false)))))

(defun fermata--answer-input (_run question)
  "Read an answer to QUESTION, and give it."
  (fermata-give (plist-get question :interactionId)
                (fermata--read-value (plist-get question :prompt) (plist-get question :schema)
                                     (plist-get question :default))))

(provide 'fermata-run)
;;; fermata-run.el ends here
