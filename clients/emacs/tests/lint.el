;;; lint.el --- Compile without a warning, and check the documentation  -*- lexical-binding: t; -*-

;;; Code:

(require 'bytecomp)
(require 'checkdoc)

(let ((byte-compile-error-on-warn t)
      ;; It takes the nouns "runs" and "steps" for verbs.
      (checkdoc-verb-check-experimental-flag nil)
      (problems 0)
      (out (make-temp-file "fermata" t)))
  (setq byte-compile-dest-file-function
        (lambda (file) (expand-file-name (concat (file-name-nondirectory file) "c") out)))
  (dolist (file command-line-args-left)
    (unless (byte-compile-file file) (setq problems (1+ problems)))
    (with-current-buffer (find-file-noselect file)
      (let ((checkdoc-create-error-function
             (lambda (text start _end &optional _unfixable)
               (setq problems (1+ problems))
               (message "%s:%d: %s" file (if start (line-number-at-pos start) 1) text)
               nil)))
        (checkdoc-current-buffer t))))
  (delete-directory out t)
  (kill-emacs (if (= problems 0) 0 1)))

;;; lint.el ends here
