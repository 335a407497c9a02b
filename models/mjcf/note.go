package mjcf

import (
	"fmt"
	"sort"
	"strings"
)

// Place is a line of a file.
type Place struct {
	File string
	Line int
}

// Note reports something in a file that was ignored, read in a way worth knowing, or repaired. What is the
// same on many lines is one note that lists them all.
type Note struct {
	Place
	Element string // its tag, such as "light"
	Name    string // its name, where it has one
	Message string
	Also    []Place // more lines for which the same holds
}

// changes ends the messages about what makes motions other than MuJoCo's.
const changes = "; this changes the physics"

// Physics reports whether for what the note is about motions are other than MuJoCo's.
func (n Note) Physics() bool { return strings.HasSuffix(n.Message, changes) }

// String returns the note as one line of text, with the first few of the lines it is about.
func (n Note) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: <%s>", n.File, n.Line, n.Element)
	if n.Name != "" {
		fmt.Fprintf(&b, " %q", n.Name)
	}
	fmt.Fprintf(&b, ": %s", n.Message)
	const most = 3
	for i, p := range n.Also {
		switch {
		case i == 0:
			b.WriteString(" (also line ")
		case i == most:
			fmt.Fprintf(&b, " and %d more", len(n.Also)-most)
		default:
			b.WriteString(", ")
		}
		if i == most {
			break
		}
		if p.File != n.File {
			fmt.Fprintf(&b, "%s:", p.File)
		}
		fmt.Fprintf(&b, "%d", p.Line)
	}
	if len(n.Also) > 0 {
		b.WriteString(")")
	}
	return b.String()
}

// notes collects notes; equal messages about the same kind of element are joined.
type notes struct {
	list []*Note
	seen map[[2]string]*Note
}

// add notes that message holds for the element at a place.
func (s *notes) add(at Place, element, name, message string) {
	s.join(at, element, name, message, [2]string{element, message})
}

// once is add for messages that hold for elements of all kinds alike.
func (s *notes) once(at Place, element, name, message string) {
	s.join(at, element, name, message, [2]string{"", message})
}

// alike is add for messages of one kind, of which the first stands for all.
func (s *notes) alike(at Place, element, name, message, kind string) {
	s.join(at, element, name, message, [2]string{element, kind})
}

func (s *notes) join(at Place, element, name, message string, key [2]string) {
	if n := s.seen[key]; n != nil {
		if last := n.last(); last != at {
			n.Also = append(n.Also, at)
		}
		return
	}
	n := &Note{Place: at, Element: element, Name: name, Message: message}
	if s.seen == nil {
		s.seen = map[[2]string]*Note{}
	}
	s.seen[key] = n
	s.list = append(s.list, n)
}

func (n *Note) last() Place {
	if k := len(n.Also); k > 0 {
		return n.Also[k-1]
	}
	return n.Place
}

// sorted returns the notes in the order of files and lines; the main file comes first.
func (s *notes) sorted(main string) []Note {
	var out []Note
	for _, n := range s.list {
		out = append(out, *n)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Place, out[j].Place
		if a.File != b.File {
			return a.File == main || b.File != main && a.File < b.File
		}
		return a.Line < b.Line
	})
	return out
}
