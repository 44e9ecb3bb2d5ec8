//! `/admin/users/new` and `/admin/users/invite`.

use axum::http::StatusCode;
use axum::response::Response;
use domain::secret::new_password;
use engine::admin::AdminError;
use engine::admin::user::{self, Invitation, Invitee, UserDraft};

use super::password::given;
use super::{PATH, SECTION};
use crate::console::fault::fault;
use crate::console::{Admin, AdminForm, once, picks, refusal};
use crate::http::form::Form;
use crate::pages::console::Fault;
use crate::pages::console::users::{InvitePage, NewUserPage, Outcome, PasswordShownPage};

/// The empty form.
pub async fn get(admin: Admin) -> Response {
    let page = match blank(&admin).await {
        Ok(page) => page,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    admin.page(&page)
}

async fn blank(admin: &Admin) -> Result<NewUserPage, AdminError> {
    Ok(NewUserPage {
        shell: admin.shell(SECTION),
        fault: Fault::default(),
        once: once::mark(admin),
        name: String::new(),
        email: String::new(),
        subject: String::new(),
        is_typed: false,
        roles: picks::roles(admin, &[]).await?,
        groups: picks::groups(admin, &[]).await?,
    })
}

/// What a field says, if anything.
fn said(form: &Form, name: &str) -> Option<String> {
    let text = form.field(name).map(str::trim).filter(|text| !text.is_empty());
    text.map(str::to_owned)
}

/// `POST /admin/users/new`.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let ctx = admin.ctx();
    let Some(mark) = once::of(&form) else {
        return refusal::not_our_form(&admin.request, admin.texts);
    };
    let given = given(&form);
    let made = given.is_none().then(|| new_password(ctx.engine.entropy()));
    let draft = UserDraft {
        subject: said(&form, "subject"),
        name: said(&form, "name").or_else(|| said(&form, "email")),
        email: said(&form, "email"),
        password: made.clone().or(given),
        roles: picks::chosen(&form, "assignedRoles"),
        groups: picks::chosen(&form, "assignedGroups"),
        ..UserDraft::default()
    };
    let user = match user::create_once(&ctx, &admin.caller, &draft, Some(&mark)).await {
        Ok(user) => user,
        Err(AdminError::Repeated) => return refusal::twice(&admin, SECTION, PATH),
        Err(error) => return again(&admin, &form, error).await,
    };
    let Some(password) = made else {
        return admin.done(&super::path(user.id.as_str()), "user-created");
    };
    admin.page(&PasswordShownPage {
        title: admin.texts.of("password-shown-title", &user.name),
        shell: admin.shell(SECTION),
        id: user.id.to_string(),
        login: user.email.unwrap_or(user.subject),
        password: password.expose().to_owned(),
    })
}

/// The form as it was sent, with what is wrong with it; a password is typed again.
async fn again(admin: &Admin, form: &Form, error: AdminError) -> Response {
    let shown = match fault(admin, error, &[]) {
        Ok(shown) => blank(admin).await.map(|page| (shown, page)),
        Err(error) => Err(error),
    };
    let ((status, fault), page) = match shown {
        Ok(shown) => shown,
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let text = |name: &str| form.field(name).unwrap_or_default().to_owned();
    let page = NewUserPage {
        fault,
        once: page.once,
        name: text("name"),
        email: text("email"),
        subject: text("subject"),
        is_typed: given(form).is_some(),
        roles: picks::again(page.roles, form, "assignedRoles"),
        groups: picks::again(page.groups, form, "assignedGroups"),
        shell: page.shell,
    };
    admin.page_with(status, &page)
}

/// The empty form of invitations.
pub async fn get_invite(admin: Admin) -> Response {
    admin.page(&invitations(&admin))
}

fn invitations(admin: &Admin) -> InvitePage {
    InvitePage {
        shell: admin.shell(SECTION),
        fault: Fault::default(),
        emails: String::new(),
        resend: false,
        outcomes: Vec::new(),
    }
}

/// `POST /admin/users/invite`: what came of each address, in their order.
pub async fn post_invite(AdminForm { admin, form }: AdminForm) -> Response {
    let emails = form.field("emails").unwrap_or_default();
    let resend = form.has("resend");
    let lines = emails.lines().map(str::trim).filter(|line| !line.is_empty());
    let invitee = |line: &str| Invitee { email: line.to_owned(), resend, ..Invitee::default() };
    let invitees: Vec<Invitee> = lines.map(invitee).collect();
    match user::invite(&admin.ctx(), &admin.caller, &invitees).await {
        Ok(made) => {
            let outcomes = invitees.iter().zip(&made).map(|one| outcome(&admin, one)).collect();
            // What was wrong stays in the form, to be corrected.
            let wrong = |one: &(&Invitee, &Invitation)| matches!(one.1, Invitation::Invalid { .. });
            let wrong = invitees.iter().zip(&made).filter(wrong);
            let emails: Vec<&str> = wrong.map(|(invitee, _)| invitee.email.as_str()).collect();
            let emails = emails.join("\n");
            admin.page(&InvitePage { outcomes, emails, ..invitations(&admin) })
        }
        Err(AdminError::Invalid { index, message, .. }) => {
            let named = index.and_then(|index| invitees.get(index));
            let told = admin.texts.said(&message);
            let told = match named {
                Some(one) => format!("{}: {told}", one.email),
                None => told,
            };
            let fault = Fault::at("emails", told);
            let page =
                InvitePage { fault, emails: emails.to_owned(), resend, ..invitations(&admin) };
            admin.page_with(StatusCode::BAD_REQUEST, &page)
        }
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

fn outcome(admin: &Admin, (invitee, invitation): (&Invitee, &Invitation)) -> Outcome {
    let t = admin.texts;
    let (text, user) = match invitation {
        Invitation::Made(invited) => (t.t("invite-made"), Some(invited)),
        Invitation::Exists(invited) => (t.t("invite-exists"), Some(invited)),
        Invitation::Active => (t.t("invite-active"), None),
        Invitation::Disabled => (t.t("invite-disabled"), None),
        Invitation::Invalid { field, message } => (t.said_of(field, message), None),
        Invitation::Mighty(why) => (t.said(why), None),
    };
    Outcome {
        email: invitee.email.clone(),
        href: user.map(|invited| format!("{PATH}/{}", invited.user_id)),
        is_made: matches!(invitation, Invitation::Made(_)),
        text,
    }
}
