package urdf

import (
	"fmt"
	"strings"
)

// tree hangs every link on its joint and reports what keeps them from being one tree. It returns whether
// they are.
func (r *reader) tree() bool {
	good := true
	for _, j := range r.joints {
		switch {
		case j.parent == nil || j.child == nil:
			good = false // reported where it was read
		case j.parent == j.child:
			r.errorf(j.node, "parent and child are the same link %q", j.child.name)
			good = false
		case j.child.carrier != nil:
			o := j.child.carrier
			r.errorf(j.node, "link %q is already the child of joint %q on line %d; close a loop by a <loop_joint> instead of one of the two",
				j.child.name, o.name, o.node.line)
			good = false
		default:
			j.child.carrier = j
			j.parent.children = append(j.parent.children, j)
		}
	}
	if !good || len(r.links) == 0 {
		return false
	}
	return r.oneRoot() && r.noCycle()
}

func (r *reader) oneRoot() bool {
	var roots []string
	var second *link
	for _, l := range r.links {
		if l.carrier == nil {
			roots = append(roots, fmt.Sprintf("%q (line %d)", l.name, l.node.line))
			if len(roots) == 2 {
				second = l
			}
		}
	}
	if second != nil {
		if n := len(roots); n > 10 {
			roots = append(roots[:10], fmt.Sprintf("and %d more", n-10))
		}
		r.errorf(second.node, "several links are no joint's child: %s; a robot has one root, join the others to it by joints", strings.Join(roots, ", "))
	}
	return second == nil
}

// noCycle follows every link to the root. Links in or below a cycle never arrive.
func (r *reader) noCycle() bool {
	state := map[*link]int{} // the walk that met it, or arrived
	const arrived = -1
	good := true
	for i, l := range r.links {
		walk := i + 1
		at := l
		for at.carrier != nil && state[at] == 0 {
			state[at] = walk
			at = at.carrier.parent
		}
		if at.carrier != nil && state[at] == walk {
			r.errorf(at.carrier.node, "the joints form a cycle of links: %s; the root must be no joint's child", cycle(at))
			good = false
		}
		for at := l; state[at] == walk; at = at.carrier.parent {
			state[at] = arrived
		}
	}
	return good
}

func cycle(start *link) string {
	names := []string{fmt.Sprintf("%q", start.name)}
	for l := start.carrier.parent; ; l = l.carrier.parent {
		names = append(names, fmt.Sprintf("%q", l.name))
		if l == start {
			break
		}
		if len(names) > 10 {
			names = append(names, "…")
			break
		}
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	return strings.Join(names, " → ")
}
