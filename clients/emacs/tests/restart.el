;;; restart.el --- One life of an Emacs, named by LIFE  -*- lexical-binding: t; -*-

;; The first leaves a run that asks, the second finds it and answers.

;;; Code:

(require 'fermata)

(setq fermata-command (list (getenv "FERMATA")) fermata-store (concat (getenv "HOME") "/restart.db") fermata-user "ann"
      user-emacs-directory (concat (getenv "HOME") "/"))

(defun until (holds)
  "Read from processes until HOLDS."
  (with-timeout (30 (error "It did not happen"))
    (while (not (funcall holds)) (accept-process-output nil 0.02))))

(if (equal (getenv "LIFE") "first")
    (progn
      (fermata-start (json-parse-string "{\"name\":\"long\",\"flow\":{\"START\":\"say\",\"say\":{\"agent\":{\"model\":\"scripted/echo\"},\"prompt\":\"Still here\",\"next\":\"ask\"},\"ask\":{\"approval\":{\"message\":\"Go on?\"},\"next\":\"END\"}}}")
                     :run-id "left-behind")
      (until #'fermata--open-questions)
      (if (equal (getenv "END") "kill") (signal-process (emacs-pid) 'KILL) (kill-emacs 0)))
  (fermata-resume)
  (until #'fermata--open-questions)
  (cl-letf (((symbol-function 'read-multiple-choice) (lambda (&rest _) '(?a "approve")))) (fermata-answer))
  (let ((run (gethash "left-behind" fermata--runs)))
    (until (lambda () (fermata-run-is-over run)))
    (with-current-buffer (fermata--buffer run)
      (kill-emacs (if (string-search "Still here\n" (buffer-string)) 0 1)))))

;;; restart.el ends here
