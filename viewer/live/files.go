//go:build !js

package live

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/ukemi-sim/ukemi/internal/draft"
)

// mostFiles is how much may come with robots in all (bytes): many times what the meshes of a robot take, less than what fills a disk.
const mostFiles = 1 << 30

// files puts what comes with a robot that is dropped on a page, its meshes, below a folder.
type files struct {
	folder string
	mu     sync.Mutex
	left   int64 // bytes
}

// put answers PUT /files/PATH. Pages of other hosts may not ask for it: browsers ask first whether they may, and get no answer.
func (f *files) put(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.keep(r.PathValue("path"), http.MaxBytesReader(w, r.Body, f.left))
	f.left -= n
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

// keep writes a file and returns how long it is.
func (f *files) keep(path string, from io.Reader) (int64, error) {
	local, err := filepath.Localize(path)
	if err != nil {
		return 0, fmt.Errorf("%q is no path of a file", path)
	}
	to := filepath.Join(f.folder, local)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, err
	}
	file, err := draft.New(to, nil)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(file, from)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		err = fmt.Errorf("%s: more than %d MB came with the robots of this page; give their folder by --meshes", path, mostFiles>>20)
	}
	return n, file.Keep(err)
}
