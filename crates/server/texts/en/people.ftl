# Users, groups and roles.
users-title = Users
users-lead = People, and the bot users that machine clients act as.
users-search = Search by name, email or subject
users-new = Create user
users-invite = Invite
users-kind = Kind
users-any-kind = People and bots
users-role = Role
users-any-role = Any role
users-group = Group
users-any-group = Any group
users-found = { $count ->
    [one] { $count } user
   *[other] { $count } users
}
users-empty = There is nobody yet. Create a user with a password, or invite people by their email address.
users-none = No user fits
user-kind-person = Person
user-kind-bot = Bot
user-status-active = Active
user-status-invited = Invited
user-status-disabled = Disabled
column-email = Email
column-subject = Subject
column-roles = Roles
column-groups = Groups
column-description = Description
column-device = Device
column-address = Address
column-started = Signed in
column-seen = Last seen
column-app = App
column-granted = Allowed
people-search-name = Search by name
people-history = History of changes
picks-none = There is nothing to choose yet.
picks-more = Others by name, one a line

user-new-title = Create a user
user-new-lead = Somebody who signs in here with a password.
user-name-hint = As others see it: 1 to 256 characters.
user-email-hint = Can be used to sign in. Each address belongs to one user.
user-subject-hint = The stable name that apps know the user by. Made up if you leave it empty; it never changes.
user-roles-hint = What the user may do, beside what groups give. You can give what you have yourself.
user-groups-hint = Members have the roles of the group.
password-made = Make one up and show it once
password-typed = Use this one
password-typed-field = The password to use
password-hint = At least 8 characters. Only needed if you choose it yourself.
invite-title = Invite people
invite-lead = Each is made a user with the status Invited. No mail is sent from here: tell them yourself within a week. To let somebody in, open their page and choose Activate and set a password.
invite-emails = Email addresses
invite-emails-hint = One a line, at most 100.
invite-resend = Renew existing invitations
invite-outcomes = What came of it
invite-made = Invited
invite-exists = Was invited before
invite-active = Is a user already
invite-disabled = Is a user, and disabled
invite-back = Back to users

user-facts = About
user-id = ID
user-client = Acts for client
user-invited-until = Invitation stands until
user-email-verified = verified
user-email-unverified = not verified
user-inherited = Roles by group
user-from-group = by the group { $name }
user-is-you = You
user-edit = Name, roles and groups
user-direct-roles = Direct roles
user-sessions = Sessions
user-sessions-lead = Browsers in which this user is signed in. Ending a session does not take access from apps.
user-sessions-end = End all
user-session-end = End
user-no-sessions = Not signed in anywhere.
user-apps = Authorized apps
user-apps-lead = Apps that this user let in. Taking access away ends their tokens at once.
user-app-remove = Take access away
user-no-apps = No app has access.
user-password = Reset password
user-delete = Delete user
user-delete-title = Delete { $name }?
user-delete-what = The user’s sessions, tokens, API keys and consents end at once, and the user is gone from all groups. This cannot be undone.
user-delete-instead = If the user may come back, disable instead.
user-disable-title = Disable { $name }?
user-disable-what = Sessions, tokens and API keys end at once, and the user cannot sign in. You can enable the user again; what ended does not come back.
user-enable-title = Enable { $name }?
user-enable-what = The user can sign in again. Earlier sessions, tokens and API keys stay ended.
password-title = New password for { $name }
password-what = The old password and all sessions end at once. Apps that the user let in go on.
password-shown-title = Password of { $name }
password-shown-once = Copy it now: you will not see it again.
password-shown-login = Signs in as
password-shown-done = I have copied it

groups-title = Groups
groups-lead = Members of a group have its roles.
groups-new = Create group
groups-provider = Comes from
groups-any-provider = From anywhere
groups-found = { $count ->
    [one] { $count } group
   *[other] { $count } groups
}
groups-found-everybody = { $count ->
    [0] Only everybody’s group
    [one] { $count } group, and everybody’s
   *[other] { $count } groups, and everybody’s
}
groups-empty = No groups yet. Create one, give it roles, and put users into it on their pages.
groups-none = No group fits
group-provider-custom = This console
group-provider-idp = Identity provider
group-provider-system = The tenant
group-new-title = Create a group
group-name-hint = Unique in the tenant: 1 to 256 characters.
group-description-hint = What the group is for.
group-roles-hint = All members have them. You can give what you have yourself.
group-members = Members
group-everyone-lead = Everybody is in this group: its roles are everybody’s. It came with the tenant and stays.
group-everyone-enabled = Give its roles to everybody
group-delete = Delete group
group-delete-title = Delete { $name }?
group-delete-members = { $count ->
    [0] Nobody is in this group.
    [one] { $count } user is in this group.
   *[other] { $count } users are in this group.
}
group-delete-what = Members lose the roles that it gives at once; the users stay. This cannot be undone.

roles-title = Roles
roles-lead = A role is a set of scopes: what its holders may do themselves and by their apps.
roles-new = Create role
roles-level = Level
roles-found = { $count ->
    [one] { $count } role
   *[other] { $count } roles
}
roles-none = No role fits
role-type-default = Default
role-type-custom = Custom
role-level-admin = Administration
role-level-user = Use
role-new-title = Create a role
role-name-hint = Unique in the tenant: 1 to 256 characters.
role-description-hint = What the role is for.
role-scopes-hint = A scope includes those that stand indented below it.
role-scope-search = Search scopes
role-scope-powerful = Powerful
role-scope-barred = You cannot give this: you do not have it yourself.
role-default-lead = This role came with the tenant and is not changed. For something else, create a role of your own.
role-has = Who has it
role-gives = What it gives
role-gives-all = Everything: whoever has it administers the tenant.
role-gives-nothing = No scopes: it is a mark that apps can read.
role-delete = Delete role
role-delete-title = Delete { $name }?
role-delete-users = { $count ->
    [0] No user has this role.
    [one] { $count } user has this role.
   *[other] { $count } users have this role.
}
role-delete-groups = { $count ->
    [0] No group gives it.
    [one] { $count } group gives it.
   *[other] { $count } groups give it.
}
role-delete-what = Whoever has it loses what it gives at once. This cannot be undone.

done-user-created = The user was created.
done-user-saved = The user was saved.
done-user-enabled = The user is enabled and can sign in.
done-user-disabled = The user is disabled. Sessions, tokens and API keys have ended.
done-user-deleted = The user was deleted.
done-session-ended = The session has ended.
done-sessions-ended = All sessions have ended.
done-app-removed = The app has no access any more.
done-app-was-removed = The app had no access any more; nothing had to be done.
done-password-set = The new password is set, and all sessions have ended.
done-group-created = The group was created. Put users into it on their pages.
done-group-saved = The group was saved.
done-group-deleted = The group was deleted.
done-role-created = The role was created.
done-role-saved = The role was saved.
done-role-deleted = The role was deleted.
