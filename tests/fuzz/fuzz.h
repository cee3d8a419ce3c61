/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a fuzz target gives. It is linked either with libFuzzer (meson option `fuzzing`, clang) or with a main of ours
 * that replays files, so that every target is also an ordinary test.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Hands @data to one parser. Must come back: no crash, no critical, no leak, whatever the bytes are. Returns: 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* NULL-ended: replies as the service sends them. Without arguments the test replays these, each cut off at every length
 * and with every byte spoiled in turn. */
extern const char *const ps_fuzz_corpus[];

G_END_DECLS
