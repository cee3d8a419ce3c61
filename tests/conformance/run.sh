#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The vendors' own SDKs, unmodified, against the demo tenant; its replies, and what our own client asks, against contracts.
#
#   run.sh DEMO-TENANT-PROGRAM [WORK-DIRECTORY] [SUITE…]
#
# Node's modules and the certificate go into the work directory (by default "conformance" in the build directory); the
# source tree stays as it is. Our client is the presence-syncctl of the same build, or PS_CTL. PS_CONTRACTS names a folder
# with the vendors' OpenAPI documents (default: ../shared/contracts beside the project); without it the project's own
# contracts are checked only. Last line: "N passed, N failed, N skipped".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
program=${1:?usage: run.sh DEMO-TENANT-PROGRAM [WORK-DIRECTORY] [SUITE...]}
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
work=${2:-$(dirname "$program")/../../conformance}
[ $# -lt 2 ] && shift || shift 2

give_up () {
  echo "$1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

mkdir -p "$work"
work=$(cd "$work" && pwd)
: "${PS_CONTRACTS:=$here/../../../shared/contracts}"
export PS_CONTRACTS

# Node looks for modules beside the file that wants them: so the checks are copied to where the modules are.
rm -rf "$work/contracts" "$work"/*.mjs
cp -R "$here"/*.mjs "$here/contracts" "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work"
cd "$work"

if ! cmp -s package-lock.json .installed; then
  npm ci --ignore-scripts --no-progress --loglevel=error || give_up "npm could not install the vendors' SDKs."
  cp package-lock.json .installed
fi

# Made anew each time: nobody has to trust it longer than this run.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out certificate.pem 2>openssl.log ||
  give_up "openssl could not make a certificate: $(cat openssl.log)"

NODE_EXTRA_CA_CERTS=$work/certificate.pem exec node run.mjs "$program" "$@"
