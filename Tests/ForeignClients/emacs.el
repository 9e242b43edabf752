;;; emacs.el --- Fermata, driven by the jsonrpc.el of Emacs  -*- lexical-binding: t; -*-

;; emacs --batch --quick --load emacs.el FERMATA
;;
;; The client is the library that Eglot stands on, as it ships.  It frames with Content-Length, sends null for absent
;; params, reads whole messages only, and refuses a message with members that JSON-RPC does not know.

(require 'cl-lib)
(require 'jsonrpc)

(defvar failures 0)
(defvar executable (expand-file-name (car command-line-args-left)))
(setq command-line-args-left nil)

(defmacro check (name &rest body)
  "Say whether BODY holds, under NAME; an error fails it."
  (declare (indent 1))
  `(let ((problem (condition-case oops (if (progn ,@body) nil "it does not hold") (error (format "%S" oops)))))
     (when problem (cl-incf failures))
     (princ (if problem (format "not ok - %s: %s\n" ,name problem) (format "ok - %s\n" ,name)))))

(defun refusal (connection method params)
  "The code and the kind that CONNECTION refuses METHOD with."
  (condition-case oops
      (progn (jsonrpc-request connection method params :timeout 10) nil)
    (jsonrpc-error
     (list (alist-get 'jsonrpc-error-code (cddr oops))
           (plist-get (alist-get 'jsonrpc-error-data (cddr oops)) :kind)))))

(defun wait-until (holds)
  "Read from processes until HOLDS, ten seconds at most."
  (with-timeout (10 nil)
    (while (not (funcall holds)) (accept-process-output nil 0.05))
    t))

;;; The host: what it is told, and what it performs.

(defvar told nil "Notifications, newest first, as (METHOD . PARAMS).")

(defun host-told (_connection method params) (push (cons method params) told))

(defun host-performs (_connection method params)
  (unless (eq method 'step/execute) (jsonrpc-error :code -32601 :message "Only step/execute is performed here."))
  (pcase (plist-get params :handler)
    ("greet" (list :output (concat "Hello, " (plist-get (plist-get params :input) :name) "!")))
    ("nothing" nil)
    ("refuse" (jsonrpc-error :code 7 :message "Not today." :data '(:retryable :json-false)))
    (_ (error "A handler that breaks"))))

(defun connect (&optional on-shutdown)
  (make-instance
   'jsonrpc-process-connection
   :name "fermata"
   :process (lambda ()
              (make-process :name "fermata" :command (list executable "--store" "memory:") :connection-type 'pipe
                            :coding 'utf-8-emacs-unix :noquery t
                            :stderr (make-pipe-process :name "fermata stderr" :buffer "*fermata stderr*" :noquery t
                                                       :sentinel #'ignore)))
   :notification-dispatcher #'host-told
   :request-dispatcher #'host-performs
   :on-shutdown (or on-shutdown #'ignore)))

(defun one-step (name step)
  "A document named NAME whose only step is STEP."
  (list :name name :flow (list :START "only" :only (append step (list :next "END")))))

(defun request (connection method params)
  "What METHOD answers, or its error.
`jsonrpc-request' leaves the process filter with a `throw'.  Up to Emacs 28 that leaves what was read after the answer
unread until the peer writes again, and here the answer to `run/create' is followed by `step/execute' at once, after
which the server waits for us."
  (let (end)
    (jsonrpc-async-request connection method params :timeout 10
                           :success-fn (lambda (result) (setq end (list result)))
                           :error-fn (lambda (error) (setq end (list error))))
    (unless (wait-until (lambda () end)) (error "%s was not answered" method))
    (car end)))

(defun run (connection document &optional input)
  "What a run of DOCUMENT with INPUT ends with."
  (let ((created (request connection :run/create (list :workflow document :input input :start t))))
    (request connection :run/result (list :runId (plist-get created :runId)))))

(defun methods-told (run)
  (cl-loop for (method . params) in (reverse told)
           when (equal (plist-get params :runId) run) collect method))

;;; The session.

(let* ((exit-code nil)
       (connection (connect (lambda (connection) (setq exit-code (process-exit-status (jsonrpc--process connection)))))))

  (check "a request before initialize is refused"
    (equal (refusal connection :run/list nil) '(-32002 nil)))

  (check "initialize answers an editor's own members"
    (let ((answer (jsonrpc-request
                   connection :initialize
                   (list :processId (emacs-pid) :rootPath "/tmp/" :rootUri "file:///tmp" :initializationOptions nil
                         :workspaceFolders [(:uri "file:///tmp" :name "tmp")] :clientInfo '(:name "Emacs")
                         :capabilities '(:workspace (:applyEdit t :symbol (:dynamicRegistration :json-false))
                                         :textDocument (:hover (:contentFormat ["markdown"])) :window nil
                                         :steps (:handlers ["greet" "refuse" "break" "nothing"]))))))
      (and (equal (plist-get (plist-get answer :serverInfo) :name) "fermata")
           (plist-get answer :capabilities))))

  (jsonrpc-notify connection :initialized (make-hash-table))

  (check "params that are null are absent"
    (equal (plist-get (jsonrpc-request connection :health/check nil) :status) "ok"))

  (check "a workflow is registered and read back, with text outside ASCII"
    (let ((document (one-step "gruß" '(:set (:word "Grüße, 世界 🌍")))))
      (setq document (plist-put document :name "greeting"))
      (jsonrpc-request connection :workflow/register (list :document document))
      (equal "Grüße, 世界 🌍"
             (cl-reduce #'plist-get '(:document :flow :only :set :word)
                        :initial-value (jsonrpc-request connection :workflow/get '(:name "greeting"))))))

  (check "a step is performed by Emacs, and its output is the run's"
    (let ((end (run connection
                    (append (one-step "greet" '(:call "greet" :with (:name "${input.name}") :set (:said "${result}")))
                            '(:output "${state.said}"))
                    '(:name "Wörld 🌍"))))
      (and (equal (plist-get end :status) "completed")
           (equal (plist-get end :output) "Hello, Wörld 🌍!")
           (wait-until (lambda () (memq 'run/completed (methods-told (plist-get end :runId)))))
           (let ((methods (methods-told (plist-get end :runId))))
             (and (memq 'step/started methods) (memq 'step/completed methods))))))

  (check "what the run was told of is numbered in order"
    (let ((numbers (cl-loop for (_ . params) in (reverse told) collect (plist-get params :seq))))
      (and numbers (apply #'<= 1 numbers))))

  (check "a result of null is an output of null"
    (let ((end (run connection (one-step "nothing" '(:call "nothing")))))
      (and (equal (plist-get end :status) "completed") (null (plist-get end :output)))))

  (check "a handler's error fails the run, its message kept"
    (let ((end (run connection (one-step "refuse" '(:call "refuse")))))
      (and (equal (plist-get end :status) "failed")
           (equal (plist-get (plist-get end :error) :message) "Not today."))))

  (check "a handler that breaks fails the run"
    (equal (plist-get (run connection (one-step "break" '(:call "break"))) :status) "failed"))

  (check "an approval is asked, given, and ends the run"
    (let* ((run (plist-get (request connection :run/create
                                    (list :workflow (one-step "ask" '(:approval (:message "Go?"))) :start t))
                           :runId))
           (asked (lambda () (cl-loop for (method . params) in told
                                      when (and (eq method 'execution/approvalRequested)
                                                (equal (plist-get params :runId) run))
                                      return (plist-get params :interactionId)))))
      (and (wait-until asked)
           (eq t (plist-get (jsonrpc-request connection :execution/respondApproval
                                             (list :interactionId (funcall asked) :decision "approved"
                                                   :approver "ann" :message nil))
                            :resolved))
           (equal (plist-get (jsonrpc-request connection :run/result (list :runId run)) :status) "completed"))))

  (check "a domain's refusal carries its kind"
    (equal (refusal connection :run/get '(:runId "none")) '(-32000 "run.notFound")))

  (check "a method of the language server protocol is unknown"
    (equal (refusal connection :textDocument/hover '(:position (:line 0 :character 0))) '(-32601 nil)))

  (check "unknown notifications are ignored"
    (jsonrpc-notify connection :textDocument/didOpen '(:textDocument (:uri "file:///tmp/x")))
    (jsonrpc-notify connection :$/setTrace '(:value "off"))
    (jsonrpc-request connection :health/check nil))

  (check "a waiting request is given up"
    (let* ((run (plist-get (request connection :run/create
                                    (list :workflow (one-step "ask" '(:approval (:message "Go?"))) :start t))
                           :runId))
           (answer nil))
      (jsonrpc-async-request connection :run/result (list :runId run) :timeout 10
                             :success-fn (lambda (result) (setq answer result))
                             :error-fn (lambda (error) (setq answer (plist-get error :code))))
      (jsonrpc-notify connection :$/cancelRequest (list :id (jsonrpc--next-request-id connection)))
      (and (wait-until (lambda () answer)) (equal answer -32800))))

  (check "a megabyte goes there and back"
    (let* ((text (make-string 1000000 ?é))
           (end (run connection (append (one-step "long" '(:set (:text "${input}"))) '(:output "${state.text}")) text)))
      (equal (plist-get end :output) text)))

  (check "shutdown answers null, and exit ends the process with 0"
    (and (null (jsonrpc-request connection :shutdown nil))
         (progn (jsonrpc-notify connection :exit nil) t)
         (wait-until (lambda () exit-code))
         (equal exit-code 0)))

  (check "nothing was written to the standard error"
    (with-current-buffer (jsonrpc-stderr-buffer connection)
      (or (= (buffer-size) 0) (error "%s" (buffer-string))))))

(kill-emacs (if (= failures 0) 0 1))

;;; emacs.el ends here
