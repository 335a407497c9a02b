// Package data knows where the optional data are: robots, logs and references of others that programs and tests compare with.
package data

import (
	"os"
	"path/filepath"
)

// Folder returns UKEMI_DATA or, where that is not set, the folder shared/data beside the project, seen from its root or
// from a folder at most three levels below. It need not be there.
func Folder() string {
	if d := os.Getenv("UKEMI_DATA"); d != "" {
		return d
	}
	beside := filepath.Join("..", "shared", "data")
	for d, k := beside, 0; k <= 3; d, k = filepath.Join("..", d), k+1 {
		if info, err := os.Stat(d); err == nil && info.IsDir() {
			return d
		}
	}
	return beside
}
