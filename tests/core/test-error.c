/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-error.h"

static void
test_details (void)
{
  g_autoptr (GError) error = ps_error_new (PS_ERROR_PERMISSION, "No %s for %d", "leave", 7);
  g_autoptr (GError) copy = NULL;

  g_assert_error (error, PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_cmpstr (error->message, ==, "No leave for 7");
  g_assert_cmpint (ps_error_details (error)->status, ==, 0);
  g_assert_cmpint (ps_error_details (error)->retry_after_ms, ==, -1);
  g_assert_null (ps_error_details (error)->service_code);

  ps_error_set_service_code (error, 403, "CMN-408", "request-1");
  ps_error_set_service_code (error, 403, "CMN-402", NULL);
  ps_error_details (error)->retry_after_ms = 2500;
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpint (ps_error_details (copy)->status, ==, 403);
  g_assert_cmpstr (ps_error_details (copy)->service_code, ==, "CMN-402");
  g_assert_null (ps_error_details (copy)->request_id);
  g_assert_cmpint (ps_error_details (copy)->retry_after_ms, ==, 2500);
}

static void
test_other_domains (void)
{
  g_autoptr (GError) error = g_error_new (G_FILE_ERROR, G_FILE_ERROR_NOENT, "over");
  GError *made = NULL;

  g_assert_null (ps_error_details (error));
  g_assert_null (ps_error_details (NULL));
  /* One that was made the ordinary way has details too. */
  g_set_error (&made, PS_ERROR, PS_ERROR_INPUT, "no");
  g_assert_cmpint (ps_error_details (made)->retry_after_ms, ==, -1);
  g_prefix_error (&made, "line 3: ");
  g_assert_cmpstr (made->message, ==, "line 3: no");
  g_clear_error (&made);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/details", test_details);
  g_test_add_func ("/error/other-domains", test_other_domains);
  return g_test_run ();
}
