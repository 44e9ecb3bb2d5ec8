# The secrets and keys of a client, and the guide that replaces a secret.
secrets-title = Manage secrets
secrets-lead = An app proves with a secret that it is this client. It can have several, so that one can be replaced without downtime.
secrets-new = Generate a new client secret
secrets-rotate = Rotate
secrets-hint = Ends in
secrets-label = Label
secrets-no-label = no label
secrets-expires = Expires
secrets-no-expiry = never
secrets-expired = Expired
secrets-empty-title = No secrets
secrets-empty = Generate one and put it into your app. Until then the client cannot prove who it is by a secret.
secrets-not-used-title = This client has no secrets
secrets-not-used = It does not authenticate by secret. Only Web clients can: edit the client and allow the method Client secret.
secrets-full = This client has as many secrets as it may have. Delete one that is not used any more first.
secrets-new-lead = { $name } can use it at once, beside those that it has.
secrets-label-hint = What it is for, so that you find it again: production, Bob’s laptop. At most 100 characters.
secrets-expires-field = Last day (optional)
secrets-expires-hint = It stops working at the end of this day (UTC). Leave it empty for a secret that does not expire.
secrets-expires-wrong = This is no day. Write it like 2027-01-31.
secrets-expires-past = This day is over. Choose a later one.
secrets-generate = Generate secret
client-keys-title = Public keys
client-keys-lead = With the private key to one of these the client can prove who it is without a secret. Keys are changed where the client is edited.
client-keys-fetched = Keys are fetched from
client-keys-kid = Key ID

secret-made-title = Your new secret
secret-made-once = Copy it now. You will not see this again: we keep only a fingerprint of it.
secret-made-secret = Client secret
secret-made-hint = This is how you find it in the list later.
secret-made-next = Put it into your app’s configuration or secret store; never into code, chat or mail.
secret-made-done = I have copied it
secret-made-rotate = I have copied it, go on

secret-delete-title = Delete the secret that ends in { $name }?
secret-delete-busy = This secret was used within the last 24 hours. Whatever still uses it stops working within two seconds.
secret-delete-lately = This secret was used within the last 30 days. Make sure that what used it has another one.
secret-delete-unused = Nothing used this secret in the last 30 days.
secret-delete-confirm = It is in use. To delete it all the same, type { $name }
secret-delete-confirm-wrong = That is not how this secret ends. Nothing was deleted.
secret-delete-force = Leave the client without any secret that works
secret-delete-last = It is the only credential of this client that works. Without it the client gets no more tokens until you generate another one.
secret-delete-force-wrong = It is the last one that works. Generate another one first, or tick this box.
secret-delete-submit = Delete secret

rotate-title = Rotate a secret
rotate-lead = Replace a secret without downtime: both work until you delete the old one.
rotate-steps = Steps
rotate-step-make = New secret
rotate-step-deploy = Deploy it
rotate-step-wait = Wait until the old one is quiet
rotate-step-delete = Delete the old one
rotate-step-done = done
rotate-choose = Which secret do you want to replace?
rotate-make = Replace the secret that ends in { $name }
rotate-make-lead = Generate the new secret. The old one goes on working.
rotate-deploy = Put the new secret into your app
rotate-deploy-lead = Deploy it everywhere the old one is used. As soon as the secret that ends in { $name } is used for the first time, this page says so by itself.
rotate-busy = The old secret is still in use
rotate-busy-lead = Old secret: last used { $name }. Something still has it; this page watches until it is quiet for 10 minutes.
rotate-calming = Old secret: last used { $name }. It counts as quiet after 10 minutes without use.
rotate-calm = Waiting until the old secret is quiet
rotate-leave = You need not keep this page open: its address brings you back to this step. To delete the old secret at once, or to stop here and keep both:
rotate-quiet = The old secret is quiet
rotate-quiet-lead = Old secret: last used { $name }. If something uses it only once a day or a week, wait for that, too.
rotate-never-used = The old secret was never used.
rotate-old = Old secret
rotate-new = New secret
rotate-seconds = { $count ->
    [one] { $count } second ago
   *[other] { $count } seconds ago
}
rotate-refresh = Refresh
rotate-delete = Delete the old secret
rotate-done = Done
rotate-done-lead = The old secret is gone. Your app uses the one that ends in { $name }.
rotate-gone-title = That secret is not here
rotate-gone = A secret of this rotation was deleted in the meantime, or the address is mistyped.
rotate-again = Begin again

done-secret-deleted = The secret is deleted. It stops working within two seconds.
