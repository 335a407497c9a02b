package mjcf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/models/mesh"
)

// MaxSize is the size in bytes above which a file is refused, meshes included: 64 MiB.
const MaxSize = 64 << 20

// source opens the files a model consists of. Names in a model are slash-separated and relative to the
// folder of its main file.
type source struct {
	dir string // of the main file; unused without disk
	has bool   // whether there are files besides the main one to open
}

// read returns the content of a file. What it refuses is named: a model can come from anywhere, and must
// not be able to make its reader fetch or look at what is no part of it.
func (s source) read(name string, extensions ...string) ([]byte, error) {
	name = strings.ReplaceAll(name, `\`, "/")
	switch {
	case !s.has:
		return nil, errors.New("not read: the model did not come from a file, so that other files have no place")
	case strings.Contains(name, "://"):
		return nil, errors.New("not read: addresses on the net are not followed")
	case path.IsAbs(name) || filepath.IsAbs(name) || len(name) > 1 && name[1] == ':':
		return nil, errors.New("not read: absolute paths are not followed; make it relative to the model's folder")
	}
	if ext := strings.ToLower(path.Ext(name)); !slices.Contains(extensions, ext) {
		return nil, fmt.Errorf("not read: files ending in %q are not supported here, only %s", clip(ext), strings.TrimSuffix(strings.Join(extensions, ", "), ", "))
	}
	full := filepath.Join(s.dir, filepath.FromSlash(name))
	info, err := os.Stat(full)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if like := mesh.Alike(full); like != "" {
			return nil, fmt.Errorf("there is no file %s, but %s, which differs in capitals", clip(name), filepath.Base(like))
		}
		return nil, noFile(name)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not read: it is no regular file")
	}
	text, err := readBounded(full)
	if err == nil {
		err = xmltree.Pointer(text)
	}
	return text, err
}

// noFile is the error of a file of that name that is not there.
type noFile string

func (name noFile) Error() string { return "there is no file " + clip(string(name)) }

// missing reports whether there is no file of the given name.
func (s source) missing(name string) bool {
	_, err := os.Stat(filepath.Join(s.dir, filepath.FromSlash(name)))
	return errors.Is(err, os.ErrNotExist)
}

func readBounded(full string) ([]byte, error) {
	f, err := os.Open(full)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bounded(f)
}

// bounded reads all of r, which fails, other than with io.LimitReader alone, when there is too much.
func bounded(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err == nil && len(text) > MaxSize {
		err = fmt.Errorf("larger than %d MiB, the most a file may have; is it really part of a robot?", MaxSize>>20)
	}
	return text, err
}
