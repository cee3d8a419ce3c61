#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What can be seen without running anything: formatting, warnings, file lists. Started by ./run lint, in the project's top.
set -u
build=_build-lint
failed=0

bad () {
  failed=1
  echo "lint: $1" >&2
}

c_files=$(git ls-files --cached --others --exclude-standard -- 'src/*.[ch]' 'tests/*.[ch]')

# shellcheck disable=SC2086
clang-format --dry-run -Werror $c_files || bad "clang-format -i would change the files above"

for file in $c_files; do
  head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || bad "$file does not begin with its licence"
done

# Every file with words for people is known to the translators, and no other.
with_words=$(grep -lE '(^|[^A-Za-z0-9_])(_|N_|C_|ngettext) ?\("' $(echo "$c_files" | grep '^src/') | LC_ALL=C sort)
listed=$(grep -vE '^(#|$)' po/POTFILES.in | LC_ALL=C sort)
for file in $with_words; do
  echo "$listed" | grep -qxF "$file" || bad "po/POTFILES.in does not list $file"
done
for file in $listed; do
  echo "$with_words" | grep -qxF "$file" || bad "po/POTFILES.in lists $file, which has nothing to translate"
done

if [ ! -f $build/build.ninja ]; then
  meson setup $build -Dwerror=true >$build.log 2>&1 || { cat $build.log >&2; rm -f $build.log; exit 1; }
  rm -f $build.log
fi
ninja -C $build || bad "the build warns"

# A source that no target has is not compiled, and nobody notices.
targets=$(meson introspect $build --targets)
for file in $(echo "$c_files" | grep '\.c$'); do
  echo "$targets" | grep -qF "/$file\"" || bad "no target lists $file"
done

echo "Longest files:"
# shellcheck disable=SC2086
wc -l $c_files | sort -rn | sed -n '2,6p'
echo "Longest functions:"
for file in $(echo "$c_files" | grep '\.c$'); do
  awk -v file="$file" '
    /^[A-Za-z_].*\(/ && !/;[[:space:]]*$/ { name = $0; sub (/ ?\(.*/, "", name) }
    /^\{/ { start = NR }
    /^\}/ { if (start) print NR - start + 1, file ": " name; start = 0 }' "$file"
done | sort -rn | head -5

[ $failed -eq 0 ] && echo "lint: nothing to complain about"
exit $failed
