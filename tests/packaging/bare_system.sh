# A bare Debian 12 in a folder, and its own systemd running in namespaces of its own. For root; to be sourced.
#
#   make_bare_root FOLDER                debootstrap's minimal system
#   install_inside FOLDER PACKAGE...     with these packages, too; with systemd and systemd-sysv it can be booted
#   inside FOLDER COMMAND...             a command in it, before it is booted, with the network; it shares the folder
#                                        $compiler_cache if that is set
#   boot FOLDER                          its systemd as PID 1 of namespaces of its own, without a network
#   booted COMMAND...                    a command in the booted system
#   power_off                            ends it with all that runs in it
#
# Every step is fatal on error: a systemd that boots on the wrong root empties /tmp of the machine it runs on.

marker=etc/made-by-debootstrap

die() {
    echo "bare system: $*" >&2
    exit 1
}

# The root of the file system would be somebody's machine.
check_root() {
    [ "$(id -u)" = 0 ] || die "needs root"
    [ -f "$1/$marker" ] || die "$1 is no bare system made here: $1/$marker is missing"
    [ "$(realpath "$1")" != / ] || die "will not touch /"
}

make_bare_root() {
    local root=$1
    [ ! -e "$root" ] || die "$root is there already"
    debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; die "debootstrap"; }
    echo "a root for tests, made by debootstrap" >"$root/$marker"
    echo bare >"$root/etc/hostname"
    # Kept, so that what is fetched with the network can be installed without.
    echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' >"$root/etc/apt/apt.conf.d/99keep"
    inside "$root" apt-get update -qq
}

install_inside() {
    local root=$1
    shift
    inside "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        >>"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; die "apt-get install"; }
}

inside() {
    local root=$1
    shift
    check_root "$root"
    unshare --mount --propagation private bash -euc '
        root=$1 cache=$2; shift 2
        mount -t proc proc "$root/proc"
        mount -t tmpfs tmpfs "$root/dev/shm"
        if [ -n "$cache" ]; then
            mkdir -p "$root/var/cache/ccache"
            mount --bind "$cache" "$root/var/cache/ccache"
            export CCACHE_DIR=/var/cache/ccache
        fi
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            ${CCACHE_DIR:+CCACHE_DIR=$CCACHE_DIR} "$@"' - "$root" "${compiler_cache:-}" "$@"
}

# Runs in the new namespaces, as the process that becomes systemd.
become_systemd='
    root=$1
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    # The settings of the kernel are those of the machine.
    mount --bind "$root/proc/sys" "$root/proc/sys"
    mount -o remount,bind,ro "$root/proc/sys"
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in null zero full random urandom tty; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mkdir -p "$root/old"
    cd "$root"
    pivot_root . old
    umount --lazy /old
    [ -f "/$2" ] && ! mountpoint -q /old
    [ "$(stat -c %d:%i /)" = "$(stat -c %d:%i /etc/..)" ]
    exec env -i container=bare PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 /lib/systemd/systemd --log-target=null
'

boot() {
    local root=$1 deadline
    check_root "$root"
    cgroup=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET) || die "no cgroup2 is mounted here"
    cgroup+=/foliot-bare-$$
    mkdir "$cgroup"
    # A cgroup of its own first: the namespace makes it the root of what the system sees.
    bash -euc 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$cgroup" \
        unshare --mount --propagation private --pid --fork --kill-child --cgroup --net --uts --ipc \
        bash -euo pipefail -c "$become_systemd" - "$root" "$marker" </dev/null >"$root.boot.log" 2>&1 &
    booter=$!
    for ((deadline = SECONDS + 60; ; )); do
        init=$(pgrep --parent "$booter" || true)
        if [ -n "$init" ] && [ "$(cat "/proc/$init/comm" 2>/dev/null)" = systemd ] &&
            [[ $(booted systemctl is-system-running 2>/dev/null || true) == @(running|degraded) ]]; then
            return
        fi
        kill -0 "$booter" 2>/dev/null || { cat "$root.boot.log" >&2; die "it did not boot"; }
        [ $SECONDS -lt $deadline ] || { cat "$root.boot.log" >&2; die "it was not up within a minute"; }
        sleep 0.1
    done
}

booted() {
    nsenter --target "$init" --mount --pid --cgroup --net --uts --ipc -- \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        sh -c 'cd; exec "$@"' - "$@"
}

# The first of its processes takes all others along; the cgroup makes sure.
power_off() {
    [ -n "${booter:-}" ] || return 0
    echo 1 >"$cgroup/cgroup.kill" 2>/dev/null || kill -KILL "$booter" 2>/dev/null || true
    wait "$booter" 2>/dev/null || true
    booter=
    local tries  # those that were killed take a moment to leave it
    for ((tries = 0; tries < 100; ++tries)); do
        find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null && return
        sleep 0.1
    done
    echo "bare system: $cgroup is still there" >&2
}
