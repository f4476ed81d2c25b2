// Who may what. The server decides; the page only leaves out what it would refuse.
const roles = ['viewer', 'moderator', 'owner'];

export const may = (role, needed) => roles.indexOf(role) >= roles.indexOf(needed);

async function isForbidden(asking) {
  try {
    await asking;
  } catch (error) {
    if (error.status === 403) return true;
    // Without a reason nothing is read, and nothing written down: that is what is asked here.
    if (error.code !== 'reason_required') throw error;
  }
  return false;
}

// The API doesn't say whose token it is; what it refuses tells the role.
export async function roleOf(api) {
  if (!await isForbidden(api.get('/tokens'))) return 'owner';
  return await isForbidden(api.get('/reports/0')) ? 'viewer' : 'moderator';
}
