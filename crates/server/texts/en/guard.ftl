# What stands between a form and its being carried out: forms that wait, that come twice, or too late.
refusal-large-title = This form is too large
refusal-large = Nothing was changed. Go back in your browser, where what you typed still is, and make the texts shorter.
refusal-unreadable-title = This form cannot be read
refusal-unreadable = It was damaged on its way. Nothing was changed. Go back in your browser and send it again.
refusal-stale = Somebody else changed this while you were editing. Nothing was saved. The form shows what you changed on top of what it is now: look at it and save again.
refusal-twice-title = This was sent twice
refusal-twice = The first time it was carried out; the second time nothing was done. What was made is in the list. A secret or password that you did not see is replaced by a new one there.

continue-asks = This is waiting: { $name }
continue-who = It will be done by { $name }, who is signed in now.
continue-withheld = For safety this was not kept: { $name }. You are asked for it again after you go on.

held-settings = Change the settings
held-tokens-lifetimes = Change the lifetimes of tokens and sessions
held-tokens-rotate = Rotate the signing keys
held-clients-columns = Choose the columns of the table
held-clients-select = Choose clients to delete
held-clients-check = Check public keys
held-clients-new = Create a client
held-clients-edit = Change a client
held-clients-delete = Delete clients
held-clients-consent = Change the consent method of a client
held-clients-publish = Publish a client
held-clients-disable = Disable a client
held-clients-leave = Stop letting another tenant’s client in
held-clients-enable = Enable a client
held-clients-scopes-unused = Remove unused scopes of a client
held-clients-users-remove = Revoke a client’s access to a user
held-clients-secrets-new = Generate a client secret
held-clients-secrets-delete = Delete a client secret
held-users = Change a user
held-users-new = Create a user
held-users-invite = Invite people
held-users-status = Enable or disable a user
held-users-delete = Delete a user
held-users-password = Set a user’s password
held-users-sessions = End sessions of a user
held-users-apps = Take an app’s access to a user away
held-groups = Change a group
held-groups-new = Create a group
held-groups-delete = Delete a group
held-roles = Change a role
held-roles-new = Create a role
held-roles-delete = Delete a role

field-activate = Becomes active
field-assigned-groups = Groups
field-assigned-groups-named = Groups by name
field-assigned-roles = Roles
field-assigned-roles-named = Roles by name
field-assigned-scopes = Scopes
field-at-once = At once
field-client-id = Client ID
field-column = Column
field-confirm = Confirmed
field-consent = Consent method
field-email = Email
field-emails = Email addresses
field-enabled = Enabled
field-expires = Last day
field-force = Even the last one
field-id = ID
field-keep-key = Keys that stay
field-name = Name
field-password = Password
field-public-keys-text = Public key
field-reason = Reason
field-resend = Begin invitations anew
field-scope = Scopes
field-status = Status
field-subject = Subject
field-user = User

losses-title = This takes something away that is in use
losses-lead = Nothing was saved yet. When you save, these stop working within two seconds, and cannot be brought back:
losses-more = More goes now than was shown before: somebody changed or used something meanwhile. Nothing was saved; look again.
losses-save = Save and take these away
losses-back = Back to the form
losses-scope-used = Last used on { $name }
losses-scope-requested = Last asked for on { $name }
disable-busy = It was used within the last 24 hours. Whatever uses it gets errors.
keys-replace = Replace the keys at once

user-activate = Activate and set a password
activate-title = Let { $name } in
activate-what = The invited user becomes active and gets a password, which you tell them. They can sign in at once.
user-session-own = This browser
user-session-end-title = End this session?
user-session-end-which = { $name }, at { $address }
user-session-end-what = Whoever sits there has to sign in again. Apps that the user let in go on.
user-session-end-own = It is also the session in which you are reading this: you will be signed out.
user-sessions-end-title = End all sessions of { $name }?
user-sessions-end-count = { $count ->
    [one] { $count } browser is signed in.
   *[other] { $count } browsers are signed in.
}
done-user-activated = The user is active, and can sign in with the password that you set.
