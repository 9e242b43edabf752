;;; fixtures.el --- The recorded sessions of the protocol  -*- lexical-binding: t; -*-

;;; Commentary:

;; `fermata conformance --stand-in' is in the place of the service.

;;; Code:

(require 'ert)
(require 'fermata-rpc)
(require 'subr-x)

(defvar fixtures-root
  (expand-file-name "../../../protocol/fixtures/" (file-name-directory load-file-name)))

(defvar fixtures-told nil "What the service said and nobody looked at yet: (ID METHOD PARAMS) each.")
(defvar fixtures-asked nil "By the file's ids: (SENT-ID . ANSWER), where ANSWER is (ERROR RESULT) once it came.")
(defvar fixtures-names nil "The service's ids, by what the file calls them.")

(defun fixtures-wait (holds what)
  "Read until HOLDS, thirty seconds at most; WHAT says what it waits for."
  (let ((end (+ (float-time) 30)) value)
    (while (not (or (setq value (funcall holds)) (> (float-time) end))) (accept-process-output nil 0.01))
    (or value (error "Waited in vain for %s" what))))

(defun fixtures-parse (line type)
  "The message in LINE, its objects of TYPE."
  (json-parse-string line :object-type type :null-object nil :false-object :json-false))

(defun fixtures-fits (pattern value)
  "Whether VALUE is what the file says in PATTERN, where it says it."
  (pcase pattern
    (`(:$id ,name) (equal value (cdr (or (assoc name fixtures-names) (car (push (cons name value) fixtures-names))))))
    ((or `(:$text ,_) `(:$time ,_) `(:$number ,_) `(:$any ,_)) t)
    ((pred vectorp) (and (vectorp value) (= (length pattern) (length value))
                         (cl-every #'fixtures-fits pattern value)))
    ((pred consp) (cl-loop for (key part) on pattern by #'cddr always (fixtures-fits part (plist-get value key))))
    (_ (equal pattern value))))

(defun fixtures-filled (pattern)
  "PATTERN, tables within tables, with the ids that the file has names for."
  (pcase pattern
    ((and (pred hash-table-p) (let (and name (guard name)) (gethash "$id" pattern))) (cdr (assoc name fixtures-names)))
    ((pred hash-table-p) (maphash (lambda (key part) (puthash key (fixtures-filled part) pattern)) pattern) pattern)
    ((pred vectorp) (vconcat (mapcar #'fixtures-filled pattern)))
    (_ pattern)))

(defun fixtures-say (connection message)
  "Say MESSAGE, a table of the file, on CONNECTION."
  (let* ((id (gethash "id" message)) (method (and (gethash "method" message) (intern (concat ":" (gethash "method" message))))) (params (gethash "params" message))
         (taken (and (eq method :$/cancelRequest) (car (alist-get (gethash "id" params) fixtures-asked)))))
    (cond (taken (jsonrpc-notify connection :$/cancelRequest (list :id taken)))
          ((not method)
           (apply #'jsonrpc-connection-send connection :id id
                  (if (gethash "error" message) (list :error (gethash "error" message)) (list :result (gethash "result" message)))))
          ((not id) (jsonrpc-notify connection method (or params (make-hash-table))))
          (t
           (jsonrpc-async-request connection method (or params (make-hash-table)) :timeout nil
                                  :success-fn (lambda (result) (setcdr (alist-get id fixtures-asked) (list nil result)))
                                  :error-fn (lambda (problem) (setcdr (alist-get id fixtures-asked) (list problem nil))))
           (push (list id fermata--sent-id) fixtures-asked)))))

(defun fixtures-hear (message)
  "Wait for MESSAGE, a plist of the file."
  (if-let ((method (plist-get message :method)))
      (pcase-let ((`(,id ,told ,params) (progn (fixtures-wait (lambda () fixtures-told) method) (pop fixtures-told))))
        (should (equal (format "%s" told) method))
        (should (fixtures-fits (plist-get message :id) id))
        (should (fixtures-fits (plist-get message :params) params)))
    (let* ((asked (assoc (plist-get message :id) fixtures-asked))
           (answer (fixtures-wait (lambda () (cddr asked)) "an answer")))
      (should (fixtures-fits (plist-get message :error) (car answer)))
      (should (fixtures-fits (plist-get message :result) (cadr answer))))))

(defun fixtures-play (path)
  "Play the client of the session in PATH."
  (setq fixtures-told nil fixtures-asked nil fixtures-names nil)
  (let* ((fermata-command (list (getenv "FERMATA") "conformance" "--stand-in" path)) (fermata-store nil)
         (fermata--on-notification (lambda (method params) (setq fixtures-told (append fixtures-told `((nil ,method ,params))))))
         (fermata--on-cancel (lambda (id) (funcall fermata--on-notification "$/cancelRequest" (list :id id))))
         (fermata--on-step (lambda (params) (cons 'asked params)))
         (fermata--is-deferred (lambda (result) (eq (car-safe result) 'asked)))
         (fermata--on-step-sent
          (lambda (asked id) (setq fixtures-told (append fixtures-told `((,id "step/execute" ,(cdr asked)))))))
         (connection (fermata--make-connection))
         (process (jsonrpc--process connection)))
    (dolist (line (split-string (with-temp-buffer (insert-file-contents path) (buffer-string)) "\n" t))
      (if-let ((said (gethash "client" (fixtures-parse line 'hash-table))))
          (fixtures-say connection (fixtures-filled said))
        (fixtures-hear (plist-get (fixtures-parse line 'plist) :service))))
    (process-send-eof process)
    (fixtures-wait (lambda () (not (process-live-p process))) "the end")
    (should (= (process-exit-status process) 0))))

(ert-deftest fermata-every-recorded-session-is-kept-to ()
  (let ((paths (directory-files-recursively fixtures-root "\\.jsonl\\'")) (elsewhere 0))
    (should (> (length paths) 100))
    (dolist (path paths)
      ;; Emacs hosts neither programs nor models.
      (if (with-temp-buffer (insert-file-contents path) (re-search-forward "\"method\":\"\\(workflow/execute\\|model/generate\\)\"" nil t))
          (setq elsewhere (1+ elsewhere))
        (ert-info (path :prefix "session: ") (fixtures-play path))))
    (message "%d sessions are about what Emacs does not host" elsewhere)))

;;; fixtures.el ends here
