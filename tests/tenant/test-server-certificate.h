/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A certificate for tests, made when it is needed: no private key lies in the tree, and none expires there.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes a self-signed certificate for 127.0.0.1, ::1 and localhost, valid for a day, and its key, both as PEM. */
void test_certificate_write (const char *certificate_file, const char *key_file);

G_END_DECLS
