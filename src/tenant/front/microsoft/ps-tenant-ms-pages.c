/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-pages.h"
#include "ps-tenant-ms-permissions.h"
#include "ps-tenant-ms-refusals.h"

#include <string.h>

/* Narrow views first: the sign-in dialog of an application is about 480 px wide. */
static const char style[] =
    ":root{color-scheme:light dark;--page:#f2f2f5;--card:#fff;--text:#1b1b1f;--soft:#5b5b66;--line:#d5d5dd;"
    "--accent:#1a5fb4;--on-accent:#fff;--bad:#b3261e;--bad-page:#fbeae9}"
    "@media(prefers-color-scheme:dark){:root{--page:#1d1d20;--card:#2a2a2e;--text:#f2f2f4;--soft:#b4b4be;"
    "--line:#4a4a52;--accent:#78aeed;--on-accent:#10243c;--bad:#ff938a;--bad-page:#43211f}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--page);color:var(--text);font:16px/1.45 system-ui,Cantarell,sans-serif;"
    "min-height:100vh;display:flex;justify-content:center;padding:1.25rem .75rem}"
    "main{background:var(--card);width:100%;max-width:27.5rem;padding:1.75rem 1.75rem 1.5rem;border-radius:.75rem;"
    "border:1px solid var(--line);align-self:flex-start;overflow-wrap:anywhere}"
    "@media(min-height:44rem){main{margin-top:5vh}}"
    ".org{color:var(--soft);font-size:.875rem;margin:0 0 1.25rem;display:flex;gap:.5rem;align-items:center}"
    ".org b{background:var(--accent);color:var(--on-accent);border-radius:.3rem;padding:.05rem .45rem;"
    "font-size:.75rem}"
    "h1{font-size:1.4rem;line-height:1.25;margin:0 0 .75rem}p{margin:0 0 .9rem}"
    ".soft,dt,small{color:var(--soft)}"
    "label{display:block;font-weight:600;margin:0 0 .3rem}"
    "input[type=text],input[type=password]{width:100%;font:inherit;color:inherit;background:transparent;"
    "border:1px solid var(--soft);border-radius:.4rem;padding:.6rem .7rem;margin:0 0 1rem}"
    ":focus-visible{outline:3px solid var(--accent);outline-offset:2px}"
    ".bad{background:var(--bad-page);border-left:4px solid var(--bad);padding:.6rem .8rem;border-radius:.3rem;"
    "margin:0 0 1rem}"
    ".app{display:flex;gap:.8rem;align-items:center;margin:0 0 1rem}.app>span{flex:none;width:2.6rem;height:2.6rem;"
    "border-radius:.6rem;background:var(--page);border:1px solid var(--line);display:grid;place-items:center;"
    "font-weight:700}.app p{margin:0}"
    "ul{list-style:none;margin:0 0 1rem;padding:0;border-top:1px solid var(--line)}"
    "li{padding:.6rem 0;border-bottom:1px solid var(--line)}li small{display:block}"
    ".box{display:flex;gap:.65rem;align-items:flex-start;font-weight:400;margin:0 0 1rem}"
    ".box input{width:1.15rem;height:1.15rem;margin:.15rem 0 0;flex:none;accent-color:var(--accent)}"
    ".row{display:flex;flex-wrap:wrap;gap:.7rem;margin-top:1.25rem}"
    "button{font:inherit;font-weight:600;flex:1 1 8rem;padding:.65rem 1rem;border-radius:.4rem;cursor:pointer;"
    "border:1px solid var(--soft);background:transparent;color:inherit}"
    "button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}"
    "button.wide{width:100%;text-align:left;margin:0 0 .7rem}.stack button{flex-basis:100%}button "
    "small{display:block;font-weight:400}"
    "dl{display:grid;grid-template-columns:7rem 1fr;gap:.25rem .9rem;margin:0 0 .25rem;font-size:.875rem}dd{margin:0}";

static void add (GString *html, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Like printf, but each %s is escaped for HTML. */
static void
add (GString *html, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (html, text);
}

static GString *
begin (const char *page_id, const char *title, const char *company)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                                "<meta name=\"robots\" content=\"none\">");

  add (html, "<meta name=\"PageID\" content=\"%s\"><title>%s</title><style>", page_id, title);
  g_string_append (html, style);
  g_string_append (html, "</style></head><body><main>");
  add (html, "<p class=\"org\"><b>Demo</b> <span>%s</span></p>", company);
  return html;
}

static void
finish (GString *html, PsTenantReply *reply, guint status)
{
  SoupMessageHeaders *headers = reply->headers;

  g_string_append (html, "</main></body></html>\n");
  soup_message_headers_replace (headers, "Cache-Control", "no-store, no-cache");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "X-Frame-Options", "DENY");
  /* No form-action: browsers hold the redirect that follows a form to it, and that leads to the application. */
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                                "frame-ancestors 'none'");
  ps_tenant_reply_text (reply, status, "text/html; charset=utf-8", html->str);
  g_string_free (html, TRUE);
}

static const char *
company_of (PsTenantMs *ms)
{
  return ps_tenant_world_company (ms->world);
}

static void
begin_form (GString *html, PsTenantMs *ms, const PsTenantMsVisit *visit, const char *action)
{
  g_autofree char *canary = ps_tenant_ms_visits_canary (ms->visits, visit);

  add (html,
       "<form method=\"post\" action=\"/%s/signin/%s\"><input type=\"hidden\" name=\"flow\" value=\"%s\">"
       "<input type=\"hidden\" name=\"canary\" value=\"%s\">",
       visit->tenant, action, visit->id, canary);
}

static void
add_app (GString *html, const PsTenantMsVisit *visit)
{
  char initial[8] = "";
  g_autofree char *name = g_utf8_strup (visit->app->display_name, -1);

  g_utf8_strncpy (initial, name, 1);
  add (html,
       "<div class=\"app\"><span aria-hidden=\"true\">%s</span><p><strong>%s</strong><br><small>%s</small></p></div>",
       initial, visit->app->display_name, visit->app->foreign ? "Microsoft Corporation" : "unverified");
}

void
ps_tenant_ms_page_sign_in (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit, const char *account,
                           const char *problem, gboolean at_account)
{
  GString *html = begin ("ConvergedSignIn", "Sign in to your account", company_of (ms));
  gboolean known = account != NULL && *account != '\0';
  gboolean start_at_account = !known || at_account;
  const char *described = problem != NULL ? " aria-describedby=\"problem\" aria-invalid=\"true\"" : "";

  add (html, "<h1>Sign in</h1><p class=\"soft\">to continue to %s</p>", visit->app->display_name);
  if (problem != NULL)
    add (html, "<p class=\"bad\" id=\"problem\" role=\"alert\">%s</p>", problem);
  begin_form (html, ms, visit, "login");
  add (html,
       "<label for=\"login\">Account</label><input type=\"text\" id=\"login\" name=\"login\" value=\"%s\" "
       "inputmode=\"email\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" "
       "placeholder=\"someone@%s\"",
       known ? account : "", ps_tenant_world_domain (ms->world));
  g_string_append_printf (html, "%s%s><label for=\"passwd\">Password</label>", described,
                          start_at_account ? " autofocus" : "");
  g_string_append_printf (html,
                          "<input type=\"password\" id=\"passwd\" name=\"passwd\" "
                          "autocomplete=\"current-password\"%s%s>",
                          described, start_at_account ? "" : " autofocus");
  g_string_append (html,
                   "<div class=\"row\"><button type=\"submit\" class=\"main\" id=\"sign-in\">Sign in</button></div>"
                   "</form>");
  finish (html, reply, SOUP_STATUS_OK);
}

void
ps_tenant_ms_page_pick_account (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit,
                                const PsTenantMicrosoftUser *user)
{
  GString *html = begin ("ConvergedPickAccount", "Sign in to your account", company_of (ms));

  add (html, "<h1>Pick an account</h1><p class=\"soft\">to continue to %s</p>", visit->app->display_name);
  begin_form (html, ms, visit, "account");
  add (
      html,
      "<button type=\"submit\" class=\"wide\" name=\"action\" value=\"continue\" autofocus>%s<small>%s</small></button>"
      "<button type=\"submit\" class=\"wide\" name=\"action\" value=\"other\">Use another account</button></form>",
      user->display_name, user->user_principal_name);
  finish (html, reply, SOUP_STATUS_OK);
}

static void
add_permissions (GString *html, const GPtrArray *permissions)
{
  g_string_append (html, "<p>This app would like to:</p><ul>");
  for (guint i = 0; i < permissions->len; i++) {
    const PsTenantMsPermission *permission = g_ptr_array_index (permissions, i);

    add (html, "<li>%s<small>%s</small></li>", permission->title, permission->reason);
  }
  g_string_append (html, "</ul>");
}

void
ps_tenant_ms_page_consent (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit,
                           const GPtrArray *permissions, gboolean box)
{
  gboolean for_all = visit->kind != PS_TENANT_MS_VISIT_SIGN_IN;
  const PsTenantMicrosoftUser *user = ps_tenant_world_find_microsoft (ms->world, visit->user_id);
  GString *html =
      begin (for_all ? "ConvergedAdminConsent" : "ConvergedConsent", "Permissions requested", company_of (ms));

  add (html, "<p class=\"soft\">%s</p><h1>Permissions requested</h1>", user->user_principal_name);
  if (for_all)
    g_string_append (html, "<p>Review for your organization</p>");
  add_app (html, visit);
  add_permissions (html, permissions);
  begin_form (html, ms, visit, "consent");
  if (box)
    g_string_append (html,
                     "<label class=\"box\" for=\"org\"><input type=\"checkbox\" id=\"org\" name=\"org\" value=\"1\" "
                     "autofocus><span>Consent on behalf of your organization</span></label>");
  g_string_append (html, for_all
                             ? "<p class=\"soft\">If you accept, this app will get access to the specified resources "
                               "for all users in your organization. No one else will be prompted to review these "
                               "permissions.</p>"
                             : "<p class=\"soft\">Accepting these permissions means that you allow this app to use "
                               "your data as its publisher has said it will.</p>");
  g_string_append_printf (html,
                          "<div class=\"row\"><button type=\"submit\" class=\"main\" id=\"accept\" name=\"action\" "
                          "value=\"accept\"%s>Accept</button><button type=\"submit\" id=\"cancel\" name=\"action\" "
                          "value=\"cancel\">Cancel</button></div></form>",
                          box ? "" : " autofocus");
  finish (html, reply, SOUP_STATUS_OK);
}

void
ps_tenant_ms_page_needs_admin (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit, const char *who)
{
  const PsTenantMicrosoftUser *user = ps_tenant_world_find_microsoft (ms->world, visit->user_id);
  GString *html = begin ("ConvergedAdminApproval", "Need admin approval", company_of (ms));

  add (html, "<p class=\"soft\">%s</p><h1>Need admin approval</h1>", user->user_principal_name);
  add_app (html, visit);
  add (html,
       "<p>%s needs permission to access resources in your organization that only an administrator can grant (%s). "
       "Please ask one to grant permission to this app before you can use it.</p>",
       visit->app->display_name, who);
  begin_form (html, ms, visit, "account");
  g_string_append (html, "<div class=\"row stack\"><button type=\"submit\" class=\"main\" id=\"other\" name=\"action\" "
                         "value=\"other\" autofocus>Sign in with an admin account</button><button type=\"submit\" "
                         "id=\"return\" name=\"action\" value=\"return\">Return to the application without granting "
                         "consent</button></div></form><p></p><small>AADSTS90094</small>");
  finish (html, reply, SOUP_STATUS_OK);
}

/* The lines of a refusal: what, and as a list trace, correlation, time. */
static void
add_refusal (GString *html, const char *refusal)
{
  g_auto (GStrv) lines = g_strsplit (refusal, "\r\n", -1);

  add (html, "<p class=\"bad\" role=\"alert\">%s</p><dl>", lines[0]);
  for (guint i = 1; lines[i] != NULL; i++) {
    char *colon = strstr (lines[i], ": ");

    *colon = '\0'; /* ours: each line has one */
    add (html, "<dt>%s</dt><dd>%s</dd>", lines[i], colon + 2);
  }
  g_string_append (html, "</dl>");
}

void
ps_tenant_ms_page_blocked (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                           const PsTenantMsVisit *visit)
{
  g_autofree char *refusal = ps_tenant_ms_refusal_text (request, 53003, NULL, NULL);
  GString *html = begin ("ConvergedConditionalAccess", "Sign in to your account", company_of (ms));

  g_string_append (html,
                   "<h1>You cannot access this right now</h1><p>Your sign-in was successful but does not meet the "
                   "criteria to access this resource. For example, you might be signing in from a browser, app, "
                   "or location that is restricted by your admin.</p>");
  add_refusal (html, refusal);
  add (html, "<dl><dt>Error Code</dt><dd>53003</dd><dt>App name</dt><dd>%s</dd></dl>", visit->app->display_name);
  finish (html, reply, SOUP_STATUS_OK);
}

void
ps_tenant_ms_page_refusal (const PsTenantRequest *request, PsTenantReply *reply, guint status, guint number,
                           const char *first, const char *second)
{
  g_autofree char *refusal = ps_tenant_ms_refusal_text (request, number, first, second);
  GString *html = begin ("ConvergedError", "Sign in to your account", ps_tenant_world_company (request->world));

  g_string_append (html, "<h1>Sign in</h1><p>Sorry, but we're having trouble signing you in.</p>");
  add_refusal (html, refusal);
  finish (html, reply, status);
}

void
ps_tenant_ms_page_blank (PsTenantReply *reply)
{
  soup_message_headers_replace (reply->headers, "Cache-Control", "no-store, no-cache");
  soup_message_headers_replace (reply->headers, "Referrer-Policy", "no-referrer");
  ps_tenant_reply_text (reply, SOUP_STATUS_OK, "text/html; charset=utf-8",
                        "<!DOCTYPE html><html lang=\"en\"><head><title></title></head><body></body></html>\n");
}
