#!/bin/sh
# Builds the wheel of the Python package, weighs it, installs it in a new virtual environment and runs its tests there. Where pip reaches
# no packages, Debian's numpy and pytest take their place. Where there is neither, CI fails; elsewhere what is left out is said.
#
# Besides numpy the tests use gymnasium, JAX (90 MB to fetch, a minute) and Ray (75 MB), which are installed where pip has them and the
# disk has room: an installation that fills it takes all that follows with it. torch
# from the index that pip knows is 0.5 GB and brings 3 GB of CUDA, too much for every fresh machine: its tests run where arguments ask for it
# (`sh python/check.sh torch`) or python3 has it already, which the environment then sees.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 1' HUP INT TERM

leave_out() {
	echo "left out: the tests of the Python package ($1)"
	test "${CI:-}" != true
	exit
}

# weigh FILE MOST: the package stays small enough to install without a thought; docs/python.md says what its parts take.
weigh() {
	size=$(wc -c <"$1")
	echo "$(basename "$1"): $size bytes"
	test "$size" -le "$2" || { echo "more than $2 bytes: what came in, and is it worth that? (go tool nm -size)"; exit 1; }
}

command -v "${CC:-gcc}" >/dev/null || leave_out "no C compiler"
command -v python3 >/dev/null || leave_out "no python3"
site=
python3 -c 'import torch' 2>/dev/null && site=--system-site-packages
if python3 -m venv $site "$out/venv" && "$out/venv/bin/pip" install --quiet numpy pytest mypy hatchling gymnasium scipy nbclient ipykernel "$@"; then
	python=$out/venv/bin/python
	for more in jax ray; do
		room=$(df -Pk "$out" | awk 'NR == 2 { print int($4 / 1024) }')
		test "$room" -ge 2000 || { echo "left out: $more, for which $room MB of disk in $out are too few (2000)"; continue; }
		timeout 300 "$out/venv/bin/pip" install --quiet --prefer-binary $more || echo "left out: $more, which pip did not bring within five minutes"
	done
	"$python" -c 'import torch' 2>/dev/null || echo "left out: torch, 3.5 GB with what it brings (sh python/check.sh torch installs it)"
	"$out/venv/bin/pip" wheel --quiet --no-build-isolation --no-deps --wheel-dir "$out" ./python
	weigh "$out"/ukemi-*.whl 4200000
	weigh python/src/ukemi/libukemi.so 10000000
	"$out/venv/bin/pip" install --quiet --no-deps "$out"/ukemi-*.whl
	(cd python && "$python" -m mypy --cache-dir "$out/mypy")
else
	if ! /usr/bin/python3 -c 'import numpy, pytest' 2>/dev/null; then
		test "$(id -u)" = 0 && command -v apt-get >/dev/null || leave_out "no numpy: pip reaches no packages"
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-numpy python3-pytest >/dev/null ||
			leave_out "no numpy: neither pip nor apt-get reaches packages"
	fi
	echo "left out: the wheel, mypy, gymnasium, JAX and Ray (pip reaches no packages); the tests run in the checkout"
	python=/usr/bin/python3
	go build -trimpath -tags=lean -ldflags='-s -w' -buildmode=c-shared -o python/src/ukemi/libukemi.so ./python/native
	weigh python/src/ukemi/libukemi.so 10000000
	export PYTHONPATH="$PWD/python/src"
fi
cd python && "$python" -m pytest -q -p no:cacheprovider
