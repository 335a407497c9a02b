package urdf

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
)

// Severity says what a [Note] touches, the gravest first.
type Severity uint8

// The severities.
const (
	Physics Severity = iota // the robot moves otherwise than the file says: a repair, or something left out
	Reading                 // how something was read that a file may mean in several ways
	Drawing                 // only what is drawn
	Unused                  // what the engine has no use for
)

// String returns what the notes of the severity are about.
func (s Severity) String() string {
	return [...]string{"physics", "reading", "drawing", "unused"}[s]
}

// Note reports something in a file that was ignored, read in a way worth knowing, or repaired.
type Note struct {
	Line     int
	Element  string // its tag, such as "gazebo"
	Name     string // its name, or that of the link or joint around it
	Message  string
	Severity Severity
}

// String returns the note as one line of text.
func (n Note) String() string {
	if n.Name == "" {
		return fmt.Sprintf("line %d: <%s>: %s", n.Line, n.Element, n.Message)
	}
	return fmt.Sprintf("line %d: <%s> %q: %s", n.Line, n.Element, n.Name, n.Message)
}

// ignored says of usual elements why they have no effect. Others are reported as unknown.
var ignored = map[string]struct {
	severity Severity
	why      string
}{
	"transmission":            {Unused, "transmissions are not simulated, <limit effort> bounds a joint's drive"},
	"gazebo":                  {Unused, "settings of the Gazebo simulator"},
	"ros2_control":            {Unused, "settings of controllers"},
	"mujoco":                  {Unused, "settings of the MuJoCo simulator"},
	"sensor":                  {Unused, "sensors are not simulated"},
	"safety_controller":       {Unused, "soft limits belong to a controller"},
	"calibration":             {Unused, "reference positions of encoders are not used"},
	"contact":                 {Physics, "contact settings of PyBullet; friction is that of Options.Friction (--friction)"},
	"texture":                 {Drawing, "textures are not drawn"},
	"self_collision_checking": {Unused, "links do not collide with each other"},
	"verbose":                 {Unused, "a second description of the collision shape"},
	"include":                 {Physics, "other files are not read: run xacro first"},
	"macro":                   {Physics, "a macro of xacro's first versions: run xacro first"},
	"property":                {Unused, "a property of xacro's first versions: run xacro first if something uses it"},
}

// leftovers reports every part of the used node n that no reader asked for.
func (r *reader) leftovers(n *node) {
	for i := range n.attrs {
		if a := &n.attrs[i]; !a.Used {
			r.notef(Reading, n, "attribute %s=%q ignored: it is unknown here", a.Name, clip(a.Value))
		}
	}
	if n.text != "" {
		r.notes = append(r.notes, Note{n.textLine, n.name, n.ownName(), fmt.Sprintf("text %q ignored", clip(n.text)), Unused})
	}
	seen := map[string]bool{}
	for _, k := range n.kids {
		switch {
		case k.used:
			r.leftovers(k)
		case seen[k.name]:
			r.notef(Reading, k, "ignored: <%s> is given twice, the first one holds", k.name)
		case n.name == "geometry":
			r.notef(Reading, k, "ignored: want one shape, a box, sphere, cylinder, capsule or mesh")
		case ignored[k.name].why != "":
			r.notef(ignored[k.name].severity, k, "ignored: %s", ignored[k.name].why)
		default:
			r.notef(Reading, k, "ignored: unknown element")
		}
		if k.used {
			seen[k.name] = true
		}
	}
}

// ignore reports the child elements of the given names with a reason of their own.
func (r *reader) ignore(s Severity, n *node, reason string, names ...string) {
	for _, k := range n.kids {
		if !k.used && slices.Contains(names, k.name) {
			k.skip()
			r.notef(s, k, "ignored: %s", reason)
		}
	}
}

// ignoreAttr reports an attribute, where it is given, with a reason of its own.
func (r *reader) ignoreAttr(n *node, name, reason string) {
	if v, ok := n.attr(name); ok {
		r.notef(Reading, n, "attribute %s=%q ignored: %s", name, clip(v), reason)
	}
}

func clip(s string) string { return xmltree.Clip(s) }
