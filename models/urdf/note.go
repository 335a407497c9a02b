package urdf

import (
	"fmt"
	"slices"
)

// Note reports something in a file that was ignored, read in a way worth knowing, or repaired.
type Note struct {
	Line    int
	Element string // its tag, such as "gazebo"
	Name    string // its name, or that of the link or joint around it
	Message string
}

// String returns the note as one line of text.
func (n Note) String() string {
	if n.Name == "" {
		return fmt.Sprintf("line %d: <%s>: %s", n.Line, n.Element, n.Message)
	}
	return fmt.Sprintf("line %d: <%s> %q: %s", n.Line, n.Element, n.Name, n.Message)
}

// ignored says of usual elements why they have no effect. Others are reported as unknown.
var ignored = map[string]string{
	"transmission":            "ignored: transmissions are not simulated, <limit effort> bounds a joint's drive",
	"gazebo":                  "ignored: settings of the Gazebo simulator",
	"sensor":                  "ignored: sensors are not simulated",
	"safety_controller":       "ignored: soft limits belong to a controller",
	"calibration":             "ignored: reference positions of encoders are not used",
	"contact":                 "ignored: contact settings of PyBullet; set Options.Friction",
	"texture":                 "ignored: textures are not drawn",
	"self_collision_checking": "ignored: links do not collide with each other",
}

// leftovers reports every part of the used node n that no reader asked for.
func (r *reader) leftovers(n *node) {
	for i := range n.attrs {
		if a := &n.attrs[i]; !a.used {
			r.notef(n, "attribute %s=%q ignored: it is unknown here", a.name, clip(a.value))
		}
	}
	if n.text != "" {
		r.notes = append(r.notes, Note{n.textLine, n.name, n.ownName(), fmt.Sprintf("text %q ignored", clip(n.text))})
	}
	seen := map[string]bool{}
	for _, k := range n.kids {
		switch {
		case k.used:
			r.leftovers(k)
		case seen[k.name]:
			r.notef(k, "ignored: <%s> is given twice, the first one holds", k.name)
		case n.name == "geometry":
			r.notef(k, "ignored: want one shape, a box, sphere, cylinder, capsule or the mesh of a visual")
		case ignored[k.name] != "":
			r.notef(k, "%s", ignored[k.name])
		default:
			r.notef(k, "ignored: unknown element")
		}
		if k.used {
			seen[k.name] = true
		}
	}
}

// ignore reports the child elements of the given names with a reason of their own.
func (r *reader) ignore(n *node, reason string, names ...string) {
	for _, k := range n.kids {
		if !k.used && slices.Contains(names, k.name) {
			k.skip()
			r.notef(k, "ignored: %s", reason)
		}
	}
}

// ignoreAttr reports an attribute, where it is given, with a reason of its own.
func (r *reader) ignoreAttr(n *node, name, reason string) {
	if v, ok := n.attr(name); ok {
		r.notef(n, "attribute %s=%q ignored: %s", name, clip(v), reason)
	}
}

// clip keeps messages readable when a file holds garbage.
func clip(s string) string {
	const most = 60
	if c := []rune(s); len(c) > most {
		return string(c[:most]) + "…"
	}
	return s
}
