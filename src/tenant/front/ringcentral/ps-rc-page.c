/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-page.h"

/* Contrast is at least 4.5:1 in both, and what has the focus shows it. */
static const char style[] =
    ":root{color-scheme:light dark;--page:#f1f3f5;--card:#fff;--text:#1b1f24;--dim:#57606a;"
    "--line:#8c959f;--main:#06568f;--on:#fff;--bad:#b3261e}"
    "@media(prefers-color-scheme:dark){:root{--page:#16181b;--card:#22262a;--text:#f0f2f4;"
    "--dim:#b1b8c0;--line:#7d868f;--main:#8cc8f5;--on:#0b1a26;--bad:#ffb4ab}}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;"
    "background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif}"
    "main{width:100%;max-width:26rem;padding:1.5rem;border-radius:.75rem;background:var(--card);"
    "overflow-wrap:anywhere}"
    "body.compact{padding:0;place-items:start center;background:var(--card)}"
    ".brand{margin:0;color:var(--main);font-weight:700}"
    "h1{margin:.25rem 0 1rem;font-size:1.4rem;line-height:1.25}"
    "label{display:block;margin:1rem 0 .25rem;font-weight:600}"
    "input{width:100%;padding:.6rem .75rem;border:1px solid var(--line);border-radius:.4rem;"
    "background:transparent;color:inherit;font:inherit}"
    ".buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}"
    "button{flex:1 1 9.5rem;padding:.65rem 1rem;border:1px solid var(--main);border-radius:.4rem;"
    "background:transparent;color:var(--main);font:inherit;font-weight:600;cursor:pointer}"
    "button.main{flex-basis:100%;background:var(--main);color:var(--on)}"
    ":focus-visible{outline:3px solid var(--main);outline-offset:2px}"
    ".problem{margin:0 0 1rem;padding:.6rem .75rem;border-left:4px solid var(--bad);"
    "color:var(--bad);font-weight:600}"
    ".dim,details{color:var(--dim);font-size:.9rem}details{margin-top:1.5rem}";

static GString *
begin (const char *title, const char *brand, gboolean compact)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
  g_autofree char *head = g_markup_printf_escaped ("<title>%s – %s</title>", title, brand);
  g_autofree char *top = g_markup_printf_escaped ("<p class=\"brand\">%s</p><h1>%s</h1>", brand, title);

  g_string_append_printf (html, "%s<style>%s</style></head><body%s><main>%s", head, style,
                          compact ? " class=\"compact\"" : "", top);
  return html;
}

static void append (GString *html, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* What is filled in is escaped; @format is markup. */
static void
append (GString *html, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_markup_vprintf_escaped (format, arguments);
  va_end (arguments);
  g_string_append (html, text);
}

static void
begin_form (GString *html, const PsRcPage *page)
{
  g_string_append (html, "<form method=\"post\" action=\"/restapi/oauth/authorize\">");
  for (const PsRcPageField *field = page->fields; field->name != NULL; field++)
    append (html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", field->name, field->value);
}

/* Takes @html. */
static void
finish (PsTenantReply *reply, guint status, GString *html)
{
  g_string_append (html, "</main></body></html>\n");
  ps_tenant_reply_text (reply, status, "text/html; charset=utf-8", html->str);
  g_string_free (html, TRUE);
  soup_message_headers_replace (reply->headers, "Cache-Control", "no-store");
  soup_message_headers_replace (reply->headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (reply->headers, "X-Frame-Options", "DENY");
  soup_message_headers_replace (reply->headers, "X-Content-Type-Options", "nosniff");
  /* No form-action: browsers hold the redirect after the form to it as well, and that leads to the application. */
  soup_message_headers_replace (
      reply->headers, "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
}

static void
append_password_fields (GString *html, const PsRcSignInPage *content)
{
  gboolean known = content->login != NULL && content->login[0] != '\0';

  append (html,
          "<label for=\"login\">E-mail address</label><input id=\"login\" name=\"login\" type=\"email\" "
          "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required value=\"%s\"%s>",
          known ? content->login : "", known ? "" : " autofocus");
  append (html,
          "<label for=\"password\">Password</label><input id=\"password\" name=\"password\" type=\"password\" "
          "autocomplete=\"current-password\" required%s%s>",
          content->problem != NULL ? " aria-describedby=\"problem\"" : "", known ? " autofocus" : "");
}

void
ps_rc_page_sign_in (PsTenantReply *reply, const PsRcPage *page, const PsRcSignInPage *content)
{
  GString *html = begin ("Sign in", page->brand, page->compact);

  if (content->problem != NULL)
    append (html, "<p class=\"problem\" role=\"alert\" id=\"problem\">%s</p>", content->problem);
  begin_form (html, page);
  if (content->password)
    append_password_fields (html, content);
  g_string_append (html, "<div class=\"buttons\">");
  /* The first button is what Enter presses. */
  if (content->password)
    g_string_append (html, "<button class=\"main\" name=\"action\" value=\"sign-in\">Sign in</button>");
  if (content->sso)
    append (html, "<button name=\"action\" value=\"sso\" formnovalidate%s>Single sign-on</button>",
            content->password ? "" : " class=\"main\"");
  g_string_append (html, "<button name=\"action\" value=\"cancel\" formnovalidate>Cancel</button></div></form>");
  if (content->demo_accounts != NULL)
    append (html, "<details><summary>This is a demo on your own computer</summary><p>%s</p></details>",
            content->demo_accounts);
  finish (reply, 200, html);
}

static const struct {
  const char *scope, *text;
} scope_texts[] = {
  { "ReadAccounts", "See the account, its users and call queues" },
  { "ReadPresence", "See the presence of users" },
  { "EditPresence", "Change the presence of users" },
  { "WebSocketsSubscription", "Be told of changes as they happen" },
};

static const char *
scope_text (const char *scope)
{
  for (guint i = 0; i < G_N_ELEMENTS (scope_texts); i++)
    if (g_str_equal (scope_texts[i].scope, scope))
      return scope_texts[i].text;
  return scope;
}

void
ps_rc_page_consent (PsTenantReply *reply, const PsRcPage *page, const char *who, const char *scopes)
{
  GString *html = begin ("Access request", page->brand, page->compact);
  g_auto (GStrv) words = g_strsplit (scopes, " ", -1);

  append (html, "<p>%s, the application <strong>Presence Sync</strong> asks for leave to:</p><ul>", who);
  for (guint i = 0; words[i] != NULL; i++)
    append (html, "<li>%s</li>", scope_text (words[i]));
  g_string_append (html, "</ul>");
  begin_form (html, page);
  g_string_append (html,
                   "<div class=\"buttons\"><button class=\"main\" name=\"action\" value=\"authorize\" "
                   "autofocus>Authorize</button><button name=\"action\" value=\"cancel\">Cancel</button></div></form>");
  finish (reply, 200, html);
}

void
ps_rc_page_error (PsTenantReply *reply, guint status, const char *code, const char *message)
{
  GString *html = begin ("Something went wrong", "RingCentral", FALSE);

  append (html, "<p class=\"problem\" role=\"alert\">%s</p><p class=\"dim\">Error code: %s</p>", message, code);
  finish (reply, status, html);
}
