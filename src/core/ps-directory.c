/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-directory.h"

#include "ps-words.h"

PsMicrosoftUser *
ps_microsoft_user_new (const char *id)
{
  PsMicrosoftUser *user = g_new0 (PsMicrosoftUser, 1);

  g_atomic_ref_count_init (&user->ref_count);
  user->id = g_strdup (id);
  return user;
}

PsMicrosoftUser *
ps_microsoft_user_ref (PsMicrosoftUser *user)
{
  g_atomic_ref_count_inc (&user->ref_count);
  return user;
}

void
ps_microsoft_user_unref (PsMicrosoftUser *user)
{
  if (!g_atomic_ref_count_dec (&user->ref_count))
    return;
  g_free (user->id);
  g_free (user->display_name);
  g_free (user->user_principal_name);
  g_free (user->mail);
  g_strfreev (user->aliases);
  g_free (user->department);
  g_free (user->job_title);
  g_free (user->mobile_phone);
  g_strfreev (user->business_phones);
  g_free (user);
}

PsRingCentralUser *
ps_ringcentral_user_new (const char *id)
{
  PsRingCentralUser *user = g_new0 (PsRingCentralUser, 1);

  g_atomic_ref_count_init (&user->ref_count);
  user->id = g_strdup (id);
  return user;
}

PsRingCentralUser *
ps_ringcentral_user_ref (PsRingCentralUser *user)
{
  g_atomic_ref_count_inc (&user->ref_count);
  return user;
}

void
ps_ringcentral_user_unref (PsRingCentralUser *user)
{
  if (!g_atomic_ref_count_dec (&user->ref_count))
    return;
  g_free (user->id);
  g_free (user->extension_number);
  g_free (user->name);
  g_free (user->email);
  g_free (user->department);
  g_free (user->job_title);
  g_free (user->site);
  g_free (user->phone);
  g_free (user);
}

PsExtensionStatus
ps_extension_status_from_wire (const char *word)
{
  static const char *const words[] = { NULL, "Enabled", "Disabled", "Frozen", "NotActivated", "Unassigned" };

  return MAX (ps_words_find (words, G_N_ELEMENTS (words), word), 0);
}
