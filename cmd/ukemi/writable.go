package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// writable returns an error for the name of a file that does not end in one of the kinds, or whose folder is not there. No name is
// well, and so is standard output for tables.
func writable(flag, path string, kinds ...string) error {
	if path == "" || path == "-" && slices.Contains(kinds, ".csv") {
		return nil
	}
	info, err := os.Stat(path)
	device := err == nil && !info.Mode().IsRegular() && !info.IsDir()
	if !device && !slices.ContainsFunc(kinds, func(k string) bool { return strings.EqualFold(filepath.Ext(path), k) }) {
		return fmt.Errorf("--%s: %s: want a file name ending in %s", flag, path, anyOf(kinds))
	}
	if info, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--%s: there is no folder %s", flag, filepath.Dir(path))
	} else if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	} else if !info.IsDir() {
		return fmt.Errorf("--%s: %s is no folder", flag, filepath.Dir(path))
	}
	return nil
}

// anyOf lists alternatives.
func anyOf(l []string) string {
	if n := len(l); n > 1 {
		return strings.Join(l[:n-1], ", ") + " or " + l[n-1]
	}
	return l[0]
}
