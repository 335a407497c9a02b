package scene

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// findMesh loads the mesh that a description in dir calls name. Descriptions name meshes relative to
// themselves or as package://NAME/path; the package is usually the folder above the description's own, or
// a folder beside it.
func findMesh(dir, name string) (*Mesh, error) {
	if dir == "" {
		return nil, errors.New("no folder to look for it")
	}
	for _, path := range meshPaths(dir, name) {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return LoadMesh(path)
	}
	return nil, errors.New("file not found")
}

func meshPaths(dir, name string) []string {
	rest, isPackage := strings.CutPrefix(name, "package://")
	if !isPackage {
		path := filepath.FromSlash(strings.TrimPrefix(name, "file://"))
		if filepath.IsAbs(path) {
			return []string{path}
		}
		return []string{filepath.Join(dir, path)}
	}
	inside := rest
	if _, after, ok := strings.Cut(rest, "/"); ok {
		inside = after
	}
	rest, inside = filepath.FromSlash(rest), filepath.FromSlash(inside)
	up := filepath.Join(dir, "..")
	return []string{
		filepath.Join(dir, rest), filepath.Join(up, inside), filepath.Join(dir, inside),
		filepath.Join(up, rest), filepath.Join(up, "..", rest),
	}
}
