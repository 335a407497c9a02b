// Package draft writes files that are whole or not there.
package draft

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// File is a file on its way. It is written beside its place and moved there when it is whole: a full disk or an interrupt
// leaves what was there before. The path "-" is standard output; what is no regular file, such as /dev/null, is written as it is.
type File struct {
	path string // where it goes
	temp string // where it is now; "" when it is in its place
	w    io.Writer
	f    *os.File // nil for standard output
}

// New opens a draft now, so that a bad path fails before the work. For the path "-" it writes to stdout.
func New(path string, stdout io.Writer) (*File, error) {
	if path == "-" {
		return &File{path: path, w: stdout}, nil
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // what a link points to is replaced, not the link
	}
	mode := fs.FileMode(0o666)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder", path)
		}
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			return &File{path: path, w: f, f: f}, err
		}
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
			return nil, err // a file that is read only shall stay
		} else if err := f.Close(); err != nil {
			return nil, err
		}
	}
	d := &File{path: path}
	dir, name := filepath.Split(path)
	d.temp = filepath.Join(dir, fmt.Sprintf(".%x-%s", rand.Uint64(), name)) // the ending stays: programs go by it
	f, err := os.OpenFile(d.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if _, gone := os.Stat(filepath.Dir(path)); errors.Is(gone, fs.ErrNotExist) {
		return nil, missing(filepath.Dir(path))
	}
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		e.Path = path // the user knows no other name
	}
	d.f, d.w = f, f
	return d, err
}

// Write appends to the draft.
func (d *File) Write(b []byte) (int, error) { return d.w.Write(b) }

// Path returns where the file goes.
func (d *File) Path() string { return d.path }

// Name returns the name under which others may write the draft.
func (d *File) Name() string {
	if d.temp != "" {
		return d.temp
	}
	return d.path
}

// Keep moves the file to its place, or removes it when err says that it is not whole. It returns that, or what went wrong.
func (d *File) Keep(err error) error {
	if d.f == nil {
		return err
	}
	if e := d.f.Close(); err == nil {
		err = e
	}
	if d.temp == "" {
		return err
	}
	if err == nil {
		err = os.Rename(d.temp, d.path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(d.temp))
	}
	return err
}

// Write makes a draft of what write writes, keeps it, and returns its size.
func Write(path string, write func(w io.Writer) error) (size int64, err error) {
	d, err := New(path, nil)
	if err != nil {
		return 0, err
	}
	err = write(d)
	info, e := d.f.Stat()
	if err = d.Keep(errors.Join(err, e)); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// missing is the folder of a file to be written that is not there.
type missing string

func (m missing) Error() string { return "there is no folder " + string(m) }

// Is says what programs ask: os has it in other words.
func (missing) Is(target error) bool { return target == fs.ErrNotExist }
