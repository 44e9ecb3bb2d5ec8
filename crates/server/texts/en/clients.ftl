# The table of clients, and words that all pages about clients share.
copy-what = Copy: { $name }
copy-id = Copy ID of { $name }
copy-client-id = Copy client ID of { $name }
copy-secret = Copy client secret of { $name }
copy-subject = Copy subject of { $name }
copy-environment = Copy environment of { $name }
copy-code = Copy code: { $name }
shell-copied = Copied

list-filter-unknown = This address narrows the list to something that there is not. Choose above what you want to see.
field-sort = Sort
field-next = Page
field-prev = Page

ago-moment = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
ago-months = { $count ->
    [one] { $count } month ago
   *[other] { $count } months ago
}
ago-years = { $count ->
    [one] { $count } year ago
   *[other] { $count } years ago
}
in-moment = in a moment
in-minutes = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
in-hours = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
in-days = { $count ->
    [one] in 1 day
   *[other] in { $count } days
}
in-months = { $count ->
    [one] in { $count } month
   *[other] in { $count } months
}
in-years = { $count ->
    [one] in { $count } year
   *[other] in { $count } years
}

type-web = Web
type-spa = Single-page app
type-native = Native
type-anonymous-embed = Anonymous embed
consent-required = Required
consent-trusted = Trusted
status-enabled = Enabled
status-disabled = Disabled
status-published = Published

column-name = Name
column-type = Type
column-client-id = Client ID
column-scopes = Scopes
column-consent = Consent
column-status = Status
column-secrets = Secrets
column-last-used = Last used
column-created = Created
column-updated = Updated
columns-title = Columns
columns-lead = Choose what the table shows, and in which order. You can also drag the heads of the table.
columns-up = Move { $name } up
columns-down = Move { $name } down
columns-save = Save columns
columns-usual = Back to the usual columns

clients-title = OAuth clients
clients-lead = The apps and programs that may ask for tokens in this tenant.
clients-new = Create client
clients-search = Search by name or client ID
clients-any-type = Any type
clients-any-consent = Any consent
clients-any-status = Any status
clients-unused = Unused for 90 days
clients-apply = Apply
clients-found = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
clients-show-all = Show all
clients-select-all = Select all on this page
clients-select = Select { $name }
clients-delete-selected = Delete selected
clients-actions = Actions
clients-menu = Actions for { $name }
clients-scopes = { $count ->
    [one] { $count } scope
   *[other] { $count } scopes
}
clients-no-scopes = No scopes
clients-secrets = { $count ->
    [one] { $count }, made { $name }
   *[other] { $count }, oldest made { $name }
}
clients-never = Never
clients-spark = { $count ->
    [one] { $count } token in the last 30 days
   *[other] { $count } tokens in the last 30 days
}
clients-edit = Edit
clients-secrets-manage = Manage secrets
clients-consent-change = Change consent method
clients-publish = Publish
clients-configuration = View OAuth configuration
clients-copy-id = Copy client ID
clients-enable = Enable
clients-disable = Disable
clients-delete = Delete
clients-empty-title = No clients yet
clients-empty = A client is what an app or a program signs in with. Create one, give it only the scopes that it needs, and copy its ID and secret into your app.
clients-none-found = No client fits
clients-none-found-hint = Try another word, or fewer filters.
clients-pages = Pages
clients-prev = Previous
clients-next = Next

done-columns-saved = The columns are saved.
done-client-deleted = The client was deleted. Its tokens stop working within two seconds.
