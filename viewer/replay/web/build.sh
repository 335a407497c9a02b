#!/bin/sh
# Bundles viewer.js and its parts with three.js and packs them into viewer.min.js.deflate, which is committed: users of the Go
# package need no npm. Run it after changing any .js file here (after unpack.js or style.css `go generate` in the folder above is
# enough). The versions are pinned in package.json.
set -e
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp package.json "$work"
cp *.js "$work"
cd "$work"
npm install --silent --no-package-lock --no-audit --no-fund
npx esbuild viewer.js --bundle --minify --format=iife --target=es2022 --legal-comments=none \
  --banner:js='/* ukemi viewer. Contains three.js, Copyright 2010-2026 three.js authors, MIT license. */' \
  --outfile=viewer.min.js
cd "$here"
go run pack.go "$work/viewer.min.js"
