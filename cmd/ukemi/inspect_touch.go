package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
)

// shapeInfo is a collider.
type shapeInfo struct {
	Name       string            `json:"name"`
	Body       string            `json:"body"`
	Shape      string            `json:"shape"`
	Size       map[string]number `json:"size"` // m; a set of points has none
	Points     int               `json:"points,omitempty"`
	Groups     uint32            `json:"groups"`      // bits of the groups that it is in
	Touches    uint32            `json:"touches"`     // bits of the groups that it touches
	HalfSpaces bool              `json:"half_spaces"` // whether it may touch half-spaces
	Pairs      int               `json:"pairs"`       // that it is in
}

// shapesOf lists the colliders. Filters are the builder's: the model keeps only the pairs that they leave.
func shapesOf(w *world, bodyName func(int) string) []shapeInfo {
	l := []shapeInfo{}
	for _, d := range w.model.Drawn() {
		if !d.Collides {
			continue
		}
		s := shapeInfo{Name: d.Name, Body: bodyName(d.Body), Shape: d.Shape.Kind.String(), Size: map[string]number{}, Groups: contact.Everyone.Groups, Touches: contact.Everyone.Touches}
		switch d.Shape.Kind {
		case contact.KindPoints:
			s.Points = len(d.Shape.Vertices)
		case contact.KindTerrain:
		default:
			for i := range d.Shape.NumParams() {
				s.Size[d.Shape.ParamName(i)] = number(*d.Shape.Param(i))
			}
		}
		l = append(l, s)
	}
	if w.builder != nil {
		for i, c := range w.builder.Colliders() {
			if c.Filter != nil {
				l[i].Groups, l[i].Touches = c.Filter.Groups, c.Filter.Touches
			}
		}
	}
	for _, p := range w.model.Pairs() {
		l[p.A].Pairs++
		if _, plane := p.HalfSpace(); plane {
			l[p.A].HalfSpaces = true
		} else {
			l[p.B].Pairs++
		}
	}
	return l
}

// listed is how many colliders and pairs people see.
const listed = 16

// printTouch lists colliders and what may touch what.
func (x *inspection) printTouch(out io.Writer) {
	if len(x.Shapes) == 0 {
		return
	}
	filters := false
	for _, s := range x.Shapes {
		filters = filters || s.Groups != contact.Everyone.Groups || s.Touches != contact.Everyone.Touches
	}
	fmt.Fprint(out, "\nCOLLIDER\tSHAPE\tSIZE [m]\tBODY\tPAIRS")
	if filters {
		fmt.Fprint(out, "\tGROUPS\tTOUCHES")
	}
	fmt.Fprintln(out)
	for i, s := range x.Shapes {
		if i == listed {
			fmt.Fprintf(out, "… and %d more; --json lists all\n", len(x.Shapes)-listed)
			break
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%d", s.Name, s.Shape, s.size(), s.Body, s.Pairs)
		if filters {
			fmt.Fprintf(out, "\t%#x\t%#x", s.Groups, s.Touches)
		}
		fmt.Fprintln(out)
	}
	if len(x.Pairs) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s that may touch:", plural(len(x.Pairs), "pair", "pairs"))
	for i, p := range x.Pairs {
		if i == listed {
			fmt.Fprintf(out, " and %d more; --json lists all", len(x.Pairs)-listed)
			break
		}
		if i > 0 {
			fmt.Fprint(out, ",")
		}
		fmt.Fprintf(out, " %s", p.Name)
	}
	fmt.Fprintln(out)
}

// size says how large a shape is.
func (s *shapeInfo) size() string {
	if s.Points > 0 {
		return plural(s.Points, "point", "points")
	}
	var l []string
	for _, name := range []string{"radius", "half_length", "half_x", "half_y", "half_z"} {
		if v, ok := s.Size[name]; ok {
			l = append(l, fmt.Sprintf("%s %.3g", strings.ReplaceAll(name, "_", " "), v))
		}
	}
	return strings.Join(l, ", ")
}
