/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-permissions.h"

const PsTenantMsPermission ps_tenant_ms_permissions[] = {
  { "openid", NULL, "37f7f235-527c-4136-accd-4a02d197296e", FALSE, "Sign you in",
    "Allows you to sign in to the app with your work account." },
  { "profile", NULL, "14dad69e-099b-42c9-810b-d002981feec1", FALSE, "View your basic profile",
    "Allows the app to see your name and user name." },
  { "email", NULL, "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", FALSE, "View your email address",
    "Allows the app to see your primary email address." },
  { "offline_access", NULL, "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", FALSE,
    "Maintain access to data you have given it access to",
    "Allows the app to keep what it was given, even when you are not using it." },
  { "User.Read", NULL, "e1fe6dd8-ba31-4d61-89e7-88639da4683d", FALSE, "Sign in and read your profile",
    "Allows the app to read your profile and basic company information." },
  { "User.ReadBasic.All", "97235f07-e226-4f63-ace3-39588e11d3a1", "b340eb25-3456-403f-be2f-af7a0d370277", FALSE,
    "Read all users' basic profiles", "Name, photo and email address of everybody in the organization." },
  { "User.Read.All", "df021288-bdef-4463-88db-98f22de89214", "a154be20-db9c-4678-8ab7-66f6cc099a59", TRUE,
    "Read all users' full profiles", "Reads the profile of everybody in the organization." },
  { "User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca", "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", TRUE,
    "Read and write all users' full profiles", "Reads and changes the profile of everybody in the organization." },
  { "Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b", "5f8c59db-677d-491f-a6b8-5f174b11ec1d", TRUE,
    "Read all groups", "Reads all groups, their members and their contents." },
  { "GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6", "bc024368-1153-4739-b217-4326f2e966d0", TRUE,
    "Read all group memberships", "Lists groups and reads who is in them." },
  { "Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", "4908d5b9-3fb2-4b1e-9336-1888b7937185", TRUE,
    "Read organization information", "Reads the organization's name, domains and licences." },
  { "Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61", "06da0dbc-49e2-44d2-8312-53f166ab848a", TRUE,
    "Read directory data", "Reads users, groups, roles and apps of the organization." },
  { "Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7", "c5366453-9fb0-48a5-a156-24f0c49a4b84", TRUE,
    "Read and write directory data", "Reads and changes users and groups of the organization." },
  { "RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c", "741c54c3-0c1e-44a1-818b-3f97ab4e8c83",
    TRUE, "Read directory roles", "Reads who has which role in the organization." },
  { "Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "c79f8feb-a9db-4090-85f9-90d820caa0eb", TRUE,
    "Read applications", "Reads all app registrations and service principals." },
  { "Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "bdfbf15f-ee85-4955-8675-146e8e5296b5", TRUE,
    "Read and write all applications", "Creates, changes and deletes app registrations and service principals." },
  { "AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f", "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
    TRUE, "Manage app permission grants and app role assignments", "Grants permissions to apps." },
  { "DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    "41ce6ca6-6826-4807-84f1-1c82854f7ee5", TRUE, "Manage all delegated permission grants",
    "Grants and revokes what apps may do on behalf of people." },
  { "Presence.Read", NULL, "76bc735e-aecd-4a1d-8b4c-2b915deabb79", FALSE, "Read your presence information",
    "Whether you are available, busy or away." },
  { "Presence.Read.All", "a70e0c2d-e793-494c-94c4-118fa0a67f42", "9c7a330d-35b3-4aa1-963d-cb2b9f927841", FALSE,
    "Read presence information of all users in your organization", "Whether people are available, busy or away." },
  { "Presence.ReadWrite", NULL, "8d3c54a7-cf58-4773-bf81-c0cd6ad522bb", FALSE,
    "Read and write your presence information", "Reads and changes whether you are shown as available." },
  { "Presence.ReadWrite.All", "83cded22-8297-4ff6-a7fa-e97e9545a259", NULL, TRUE,
    "Read and write presence information for all users", "Reads and changes whether people are shown as available." },
  { "Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96", "e383f46e-2787-4529-855e-0e479a3ffac0", FALSE, "Send mail",
    "Sends mail from a mailbox." },
  { NULL },
};

const PsTenantMsPermission *
ps_tenant_ms_permission_by_name (const char *name)
{
  for (const PsTenantMsPermission *row = ps_tenant_ms_permissions; row->name != NULL; row++)
    if (g_ascii_strcasecmp (row->name, name) == 0)
      return row;
  return NULL;
}

const PsTenantMsPermission *
ps_tenant_ms_permission_by_role_id (const char *id)
{
  for (const PsTenantMsPermission *row = ps_tenant_ms_permissions; row->name != NULL; row++)
    if (row->role_id != NULL && g_ascii_strcasecmp (row->role_id, id) == 0)
      return row;
  return NULL;
}

const PsTenantMsPermission *
ps_tenant_ms_permission_by_scope_id (const char *id)
{
  for (const PsTenantMsPermission *row = ps_tenant_ms_permissions; row->name != NULL; row++)
    if (row->scope_id != NULL && g_ascii_strcasecmp (row->scope_id, id) == 0)
      return row;
  return NULL;
}
