//go:build !js

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "ukemi-web runs in a browser: `ukemi web --out page.html` writes the page it runs in")
	os.Exit(1)
}
