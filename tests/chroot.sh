# A fresh minimal Debian 12 in a chroot, for tests/bare and tests/package, which source this. Needs root and debootstrap.
#
#   enter_namespaces "$@"             # runs this script again in namespaces of its own, and ends; then root is set
#   make_chroot                       # a minbase Debian in $root that reaches the mirrors as this machine does
#   inside 'COMMAND…'                 # in it, in /srv, with a clean environment
#   fail WORDS…                       # counted in $failures, kept in $report
# keep, port and root are the caller's settings.
report=() failures=0
fail() { failures=$((failures + 1)); report+=("FAILED: $*"); echo "FAILED: $*"; }
minutes() { printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); }

# In namespaces of its own nothing stays mounted and no process stays, whatever the end.
enter_namespaces() {
  local me=${0##*/} status=0
  [ "$(id -u)" -eq 0 ] || { echo "tests/$me: needs root, to make a chroot" >&2; exit 2; }
  command -v debootstrap >/dev/null || { echo "tests/$me: needs debootstrap (apt-get install debootstrap)" >&2; exit 2; }
  if [ -n "${JOBMAP_CHROOT:-}" ]; then root=$JOBMAP_CHROOT; return; fi
  [ -z "$root" ] || [ ! -e "$root" ] || { echo "tests/$me: $root is there already; name a new directory" >&2; exit 2; }
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "tests/$me: port $port is taken; name another by --port" >&2; exit 2; }
  export JOBMAP_CHROOT=${root:-$(mktemp -d "/var/tmp/jobmap-$me.XXXXXX")}
  nice -n 5 unshare --mount --pid --fork --kill-child --mount-proc "$0" --port "$port" "$@" &
  trap "kill -KILL $!" INT TERM HUP
  wait $! || status=$?
  if [ -n "$keep" ]; then echo "kept: $JOBMAP_CHROOT"; else rm -rf --one-file-system "$JOBMAP_CHROOT"; fi
  exit $status
}

make_chroot() {
  echo "== a minimal Debian 12 in $root"
  local mirror file
  mirror=$(apt-get indextargets --format '$(SITE)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)' | awk -F'|' '$3 == "bookworm" && $4 == "main" {print $2; exit}')
  debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
  rm -f "$root.log"
  chmod 755 "$root"
  # How this machine reaches its mirrors goes along; nothing else of it does.
  rm -f "$root/etc/apt/sources.list"
  cp -a /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/auth.conf.d "$root/etc/apt/" 2>/dev/null || true
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  mkdir -p "$root/usr/local/share"
  cp -a /usr/local/share/ca-certificates "$root/usr/local/share/" 2>/dev/null || true
  [ ! -e "$HOME/.npmrc" ] || cp -L "$HOME/.npmrc" "$root/srv/.npmrc"
  for file in /etc/npmrc "${NODE_EXTRA_CA_CERTS:-}"; do
    [ ! -e "$file" ] || { mkdir -p "$root$(dirname "$file")"; cp -L "$file" "$root$file"; }
  done
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
}
inside() {
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LANG=C.UTF-8 \
    ${NODE_EXTRA_CA_CERTS:+"NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS"} bash -c "cd /srv && $1"
}
