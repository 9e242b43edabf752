;;; fermata-rpc.el --- The conversation with the Fermata service  -*- lexical-binding: t; -*-

;; This file is part of fermata.el.

;;; Commentary:

;; One session with the executable, on `jsonrpc': begun when it is needed, and begun anew on the same store when the
;; service dies.  Nothing is lost by that: what was told was durable, and runs go on where they were.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)

(defgroup fermata nil
  "Durable workflows that hold where a person must decide."
  :group 'tools
  :prefix "fermata-")

(defcustom fermata-command '("fermata")
  "The executable, and what to start it with before our own flags."
  :type '(repeat string))

(defcustom fermata-store nil
  "Where runs are kept; nil leaves it to the service."
  :type '(choice (const :tag "The service's own place" nil) file))

(defcustom fermata-namespace "emacs"
  "Whose runs these are.
Another editor on the same store has a namespace of its own."
  :type 'string)

(defcustom fermata-allow-commands nil
  "Whether workflows may run local commands.
Either a boolean or a function without arguments that says so."
  :type '(choice boolean function))

(defcustom fermata-user (user-login-name)
  "Who approves."
  :type 'string)

(defcustom fermata-restarts 5
  "How often within a minute a service that died is started again."
  :type 'natnum)

(defconst fermata--unwanted ["run/stateChanged" "run/progress" "step/decided"]
  "Derived notifications; each of the others has a seq of its own.")

(defconst fermata--lost
  '(:code -32099 :message "The service ended before it answered." :data (:kind "connection.lost"))
  "What a request is answered with when the service ended first.")

(defvar fermata--connection nil "The connection, or nil.")
(defvar fermata--is-ready nil "Whether the service has answered `initialize'.")
(defvar fermata--is-stopping nil "Whether the end of the service is wanted.")
(defvar fermata--has-begun nil "Whether there was a session before.")
(defvar fermata--server nil "What the service said of itself.")
(defvar fermata--queue nil
  "Functions to call when the session begins, newest first.
They get an error when it does not.")
(defvar fermata--deaths nil "When the service died of late.")
(defvar fermata--sent-id nil "The id of the request that was sent last.")

(defvar fermata--handler-names #'ignore "Function that gives the names of the handlers to declare.")
(defvar fermata--on-step nil
  "Function called with the params of a step; it gives the answer.")
(defvar fermata--on-step-sent nil
  "Function called with a deferred answer and its request's id.")
(defvar fermata--is-deferred #'ignore "Predicate of answers that come later.")
(defvar fermata--on-cancel #'ignore
  "Function called with the id of a request of the service that it withdraws.")
(defvar fermata--on-notification #'ignore "Function called with a method and its params.")
(defvar fermata--on-begin #'ignore "Function called when a session has begun, with t the first time.")

(defclass fermata-connection (jsonrpc-process-connection) ()
  "A `jsonrpc' connection whose requests may be answered later.")

(cl-defmethod jsonrpc-connection-send ((_connection fermata-connection) &rest message &key id method result &allow-other-keys)
  "Keep back an answer that comes later, else send; note the ID of a request.
METHOD and RESULT tell one from the other; MESSAGE is all of it."
  (ignore message)
  (when method (setq fermata--sent-id id))
  (if (funcall fermata--is-deferred result)
      (funcall fermata--on-step-sent result id)
    (cl-call-next-method)))

(defun fermata--kind (problem)
  "The kind of PROBLEM, an error's plist."
  (plist-get (plist-get problem :data) :kind))

(defun fermata--call (function &rest arguments)
  "Call FUNCTION with ARGUMENTS; an error becomes a message.
What runs in a process filter must not break off what else was read."
  (condition-case-unless-debug oops
      (apply function arguments)
    (error (message "fermata: %s" (error-message-string oops)) nil)))

(defun fermata--make-connection ()
  "Start the service."
  (let ((command (append fermata-command (and fermata-store (list "--store" (expand-file-name fermata-store))))))
    (apply #'make-instance 'fermata-connection
           :name "fermata"
           :process
           (lambda ()
             (make-process :name "fermata" :command command :connection-type 'pipe :coding 'utf-8-emacs-unix
                           :noquery t :stderr (get-buffer-create "*fermata stderr*")))
           :notification-dispatcher
           (lambda (_connection method params)
             (if (eq method '$/cancelRequest)
                 (fermata--call fermata--on-cancel (plist-get params :id))
               (fermata--call fermata--on-notification method params)))
           :request-dispatcher
           (lambda (_connection method params)
             (if (and fermata--on-step (eq method 'step/execute))
                 (funcall fermata--on-step params)
               (jsonrpc-error :code -32601 :message (format "Emacs does not answer %s." method))))
           :on-shutdown #'fermata--ended
           ;; Printing each message would cost more than the rest.
           (if (version< emacs-version "30") '(:events-buffer-scrollback-size 0) '(:events-buffer-config (:size 0))))))

(defun fermata--initialize-params ()
  "What the session begins with."
  (list :processId (emacs-pid)
        :clientInfo (list :name "emacs" :version emacs-version)
        :namespace fermata-namespace
        :capabilities
        (list :commands (if (if (functionp fermata-allow-commands) (funcall fermata-allow-commands) fermata-allow-commands)
                            t :json-false)
              :steps (list :handlers (vconcat (funcall fermata--handler-names)))
              :notifications (list :optOut fermata--unwanted))))

(defun fermata--flush (&optional problem)
  "Send what was asked before the session began, or fail it with PROBLEM."
  (let ((waiting (nreverse fermata--queue)))
    (setq fermata--queue nil)
    (dolist (send waiting) (fermata--call send problem))))

(defun fermata--begun (answer)
  "Go on after `initialize' was answered with ANSWER."
  (let ((is-first (not fermata--has-begun)))
    (setq fermata--is-ready t fermata--has-begun t fermata--server answer)
    (jsonrpc-notify fermata--connection :initialized (make-hash-table))
    (fermata--call fermata--on-begin is-first)
    (fermata--flush)))

(defun fermata--start ()
  "Begin a session if there is none."
  (unless fermata--connection
    (condition-case oops
        (progn
          ;; `make-process' looks for a bare name alone.
          (unless (executable-find (car fermata-command))
            (signal 'file-missing (list "Searching for program" "No such file or directory" (car fermata-command))))
          (setq fermata--connection (fermata--make-connection))
          (jsonrpc-async-request fermata--connection :initialize (fermata--initialize-params) :timeout nil
                                 :success-fn #'fermata--begun
                                 :error-fn (lambda (problem) (message "fermata: %s" (plist-get problem :message)))))
      (file-missing
       (setq fermata--connection nil)
       (let ((said (format "%s cannot be started: %s" (car fermata-command) (error-message-string oops))))
         (message "fermata: %s" said)
         (fermata--flush (list :code -32099 :message said :data '(:kind "service.missing"))))))))

(defun fermata--may-start-again ()
  "Whether the service has not died too often."
  (setq fermata--deaths
        (cons (float-time) (cl-remove-if (lambda (at) (> (- (float-time) at) 60)) fermata--deaths)))
  (<= (length fermata--deaths) fermata-restarts))

(defun fermata--ended (connection)
  "Go on after the process of CONNECTION has ended."
  (when (eq connection fermata--connection)
    (let ((was-stopping fermata--is-stopping)
          (code (process-exit-status (jsonrpc--process connection))))
      (setq fermata--connection nil fermata--is-ready nil fermata--is-stopping nil)
      (cond (was-stopping (when fermata--queue (fermata--start)))
            ;; One that never began would not begin the next time either.
            ((and fermata--has-begun (fermata--may-start-again))
             (message "fermata: the service ended (%s); it is started again, and its runs go on" code)
             (fermata--start))
            (t
             (message "fermata: the service ended (%s); see the buffer \" *fermata stderr*\"" code)
             (fermata--flush fermata--lost))))))

(defun fermata-request (method params &optional callback)
  "Ask the service METHOD with PARAMS, a plist; start it when it is not there.
METHOD is a string or a keyword.  CALLBACK is called with an error or nil,
and the result.  Return a function that gives the wait up: CALLBACK then
gets the error -32800."
  (let* ((callback (or callback #'ignore))
         (method (if (stringp method) (intern (concat ":" method)) method))
         is-given-up sent-on id
         (send
          (lambda (problem)
            (cond (is-given-up)
                  (problem (fermata--call callback problem nil))
                  (t
                   (setq sent-on fermata--connection)
                   (jsonrpc-async-request
                    fermata--connection method (or params (make-hash-table)) :timeout nil
                    :success-fn (lambda (result) (fermata--call callback nil result))
                    :error-fn (lambda (problem)
                                ;; So says `jsonrpc' when the process is gone.
                                (fermata--call callback (if (eql (plist-get problem :code) -1) fermata--lost problem) nil)))
                   (setq id fermata--sent-id))))))
    (if (and fermata--is-ready (not fermata--is-stopping) (jsonrpc-running-p fermata--connection))
        (funcall send nil)
      (push send fermata--queue)
      (fermata--start))
    (lambda ()
      (unless is-given-up
        (setq is-given-up t)
        (if sent-on
            (when (jsonrpc-running-p sent-on) (jsonrpc-notify sent-on :$/cancelRequest (list :id id)))
          (fermata--call callback '(:code -32800 :message "The request was cancelled.") nil))))))

(defun fermata-await (request &optional seconds)
  "Call REQUEST with a callback, and wait for it: its result, or an error.
REQUEST is a function of a callback as `fermata-request' takes it.  After
SECONDS, ten by default, it is an error too.  Not `jsonrpc-request', which
up to Emacs 28 leaves unread what comes behind its answer."
  (let ((until (+ (float-time) (or seconds 10))) answer)
    (funcall request (lambda (problem result) (setq answer (list problem result))))
    (while (not (or answer (> (float-time) until))) (accept-process-output nil 0.05))
    (cond ((not answer) (error "The service does not answer"))
          ((car answer) (error "%s" (plist-get (car answer) :message)))
          (t (cadr answer)))))

(defun fermata--notify (method params)
  "Say METHOD with PARAMS, if there is somebody to hear it."
  (when (and fermata--is-ready (jsonrpc-running-p fermata--connection))
    (jsonrpc-notify fermata--connection method params)))

;;;###autoload
(defun fermata-stop ()
  "End the service in order; its runs stay where they are."
  (interactive)
  (when-let ((connection (and fermata--connection (jsonrpc-running-p fermata--connection) fermata--connection)))
    (setq fermata--is-stopping t fermata--is-ready nil)
    (jsonrpc-async-request connection :shutdown nil :timeout nil :success-fn #'ignore :error-fn #'ignore)
    (jsonrpc-notify connection :exit nil)
    (let ((until (+ (float-time) 3)))
      (while (and (eq connection fermata--connection) (< (float-time) until)) (accept-process-output nil 0.05)))))

(provide 'fermata-rpc)
;;; fermata-rpc.el ends here
