//go:build ignore

// Command pack puts the viewer that build.sh bundled (its argument) into viewer.min.js.deflate, and the hashes by which a page allows its
// scripts and style into hashes.txt: programs that write pages carry neither 450 kB of text nor a library of cryptography. Without
// argument the viewer stays as it is.
package main

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/ukemi-sim/ukemi/internal/draft"
)

func main() {
	if len(os.Args) > 1 {
		deflate(read(os.Args[1]))
	}
	viewer, err := io.ReadAll(flate.NewReader(bytes.NewReader(read("viewer.min.js.deflate"))))
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	for _, b := range [][]byte{read("unpack.js"), viewer, read("style.css")} {
		h := sha256.Sum256(b)
		fmt.Fprintf(&out, "'sha256-%s'\n", base64.StdEncoding.EncodeToString(h[:]))
	}
	write("hashes.txt", out.Bytes())
}

func deflate(viewer []byte) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := w.Write(viewer); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	write("viewer.min.js.deflate", b.Bytes())
}

func read(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	return b
}

func write(name string, b []byte) {
	_, err := draft.Write(name, func(f io.Writer) error {
		_, err := f.Write(b)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
}
