package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// draft is a file on its way. It is written beside its place and moved there when it is whole: a full disk or an interrupt
// leaves what was there before. The path "-" is standard output; what is no regular file, such as /dev/null, is written as it is.
type draft struct {
	path string // where it goes
	temp string // where it is now; "" when it is in its place
	w    io.Writer
	f    *os.File // nil for standard output
}

// newDraft opens a draft now, so that a bad path fails before the work.
func newDraft(path string, stdout io.Writer) (*draft, error) {
	if path == "-" {
		return &draft{path: path, w: stdout}, nil
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
			return &draft{path: path, w: f, f: f}, err
		}
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
			return nil, err // a file that is read only shall stay
		} else if err := f.Close(); err != nil {
			return nil, err
		}
	}
	d := &draft{path: path}
	dir, name := filepath.Split(path)
	d.temp = filepath.Join(dir, fmt.Sprintf(".%x-%s", rand.Uint64(), name)) // the ending stays: programs go by it
	f, err := os.OpenFile(d.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		e.Path = path // the user knows no other name
	}
	d.f, d.w = f, f
	return d, err
}

func (d *draft) Write(b []byte) (int, error) { return d.w.Write(b) }

// file returns the name under which others may write the draft.
func (d *draft) file() string {
	if d.temp != "" {
		return d.temp
	}
	return d.path
}

// keep moves the file to its place, or removes it when err says that it is not whole. It returns that, or what went wrong.
func (d *draft) keep(err error) error {
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

// writeFile makes a draft of what write writes, keeps it, and returns its size.
func writeFile(path string, write func(w io.Writer) error) (size int64, err error) {
	d, err := newDraft(path, nil)
	if err != nil {
		return 0, err
	}
	err = write(d)
	info, e := d.f.Stat()
	if err = d.keep(errors.Join(err, e)); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writeAt makes a draft of what write writes under a name that it is given, and keeps it.
func writeAt(path string, write func(file string) error) error {
	d, err := newDraft(path, nil)
	if err != nil {
		return err
	}
	return d.keep(write(d.file()))
}

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
	if info, err := os.Stat(filepath.Dir(path)); err != nil {
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
