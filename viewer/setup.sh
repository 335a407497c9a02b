#!/bin/sh
# Installs what building the window needs on Debian and Ubuntu, if anything is missing. With "test" as its
# argument also a screen in memory for the tests. Does nothing, without asking for rights, when all is there.
set -e
build="gcc libc6-dev pkg-config libgl-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev"
want=
if ! command -v gcc >/dev/null || ! pkg-config --exists gl x11 xcursor xrandr xinerama xi xxf86vm 2>/dev/null; then
	want=$build
fi
if [ "$1" = test ]; then
	# xauth is only recommended by xvfb, but xvfb-run does not work without it.
	command -v Xvfb >/dev/null && command -v xauth >/dev/null || want="$want xvfb xauth"
	command -v xdotool >/dev/null || want="$want xdotool"
	[ -e /usr/lib/x86_64-linux-gnu/dri/swrast_dri.so ] || [ -e /usr/lib/aarch64-linux-gnu/dri/swrast_dri.so ] || want="$want libgl1-mesa-dri"
fi
[ -z "$want" ] && exit 0
if ! command -v apt-get >/dev/null; then
	echo "viewer: this is no Debian; install what corresponds to: $want" >&2
	exit 1
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "viewer: installing $want" >&2
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $want
