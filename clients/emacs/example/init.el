;;; init.el --- emacs -Q -L clients/emacs -l clients/emacs/example/init.el FILE  -*- lexical-binding: t; -*-

;;; Code:

(require 'fermata)

(defvar example-folder (file-name-directory (or load-file-name buffer-file-name)))

(when (getenv "FERMATA") (setq fermata-command (list (getenv "FERMATA"))))

;; The commands of these workflows are ours; those of a project somebody else wrote are not.
(setq fermata-allow-commands (lambda () (file-in-directory-p default-directory example-folder)))

(fermata-define-handler "buffer/insert"
  (lambda (input _task)
    (let ((buffer (get-file-buffer (plist-get input :file))) (text (plist-get input :text)))
      (unless buffer
        (fermata-fail (concat (plist-get input :file) " is not open.") :kind "buffer.missing" :retryable :json-false))
      (with-current-buffer buffer
        (save-excursion
          (goto-char (point-min))
          ;; A step may be asked for again after a crash: then the work may have been done.
          (unless (looking-at-p (regexp-quote text)) (insert text "\n")))))
    "inserted"))

;;; init.el ends here
