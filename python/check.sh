#!/bin/sh
# Builds the Python package, installs it in a new virtual environment and runs its tests there. Arguments are packages to
# install besides: torch. Where pip reaches no packages, Debian's numpy and pytest take their place. Where there is neither, CI
# fails; elsewhere what is left out is said.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

leave_out() {
	echo "left out: the tests of the Python package ($1)"
	test "${CI:-}" != true
	exit
}

command -v "${CC:-gcc}" >/dev/null || leave_out "no C compiler"
command -v python3 >/dev/null || leave_out "no python3"
if python3 -m venv "$out/venv" && "$out/venv/bin/pip" install --quiet numpy pytest mypy hatchling gymnasium scipy nbclient ipykernel "$@"; then
	python=$out/venv/bin/python
	"$out/venv/bin/pip" install --quiet --no-build-isolation --no-deps ./python
	(cd python && "$python" -m mypy --cache-dir "$out/mypy")
else
	if ! /usr/bin/python3 -c 'import numpy, pytest' 2>/dev/null; then
		test "$(id -u)" = 0 && command -v apt-get >/dev/null || leave_out "no numpy: pip reaches no packages"
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-numpy python3-pytest >/dev/null ||
			leave_out "no numpy: neither pip nor apt-get reaches packages"
	fi
	echo "left out: installing the wheel, mypy and gymnasium (pip reaches no packages); the tests run in the checkout"
	python=/usr/bin/python3
	go build -trimpath -buildmode=c-shared -o python/src/ukemi/libukemi.so ./python/native
	export PYTHONPATH="$PWD/python/src"
fi
cd python && "$python" -m pytest -q -p no:cacheprovider
