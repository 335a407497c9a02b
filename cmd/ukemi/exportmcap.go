package main

import (
	"context"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// What Foxglove and others show of an MCAP file: the poses of bodies as foxglove.FrameTransforms, the shapes on them as a
// foxglove.SceneUpdate at the start, and all signals as one message, nested by the dots in their names.

type object = map[string]any

// writeMCAP writes the table, and the bodies of the recording that it is of; of a table alone, rec is nil, there are signals alone.
func (s *sheet) writeMCAP(ctx context.Context, out io.Writer, rec *sim.Recording) error {
	w := newMCAP(out)
	paths := nest(s.names)
	topic := w.topic("/signals", "ukemi.Signals", schemaOf(paths))
	at := slices.Index(s.names, "time")
	if at < 0 {
		at = slices.Index(s.names, "t")
	}
	row := func(k int) {
		t := float64(k)
		if at >= 0 {
			t = s.rows[k][at]
		}
		w.message(topic, nanoseconds(t), values(paths, s.rows[k]))
	}
	if rec != nil {
		if err := writeBodies(ctx, w, rec, row); err != nil {
			return err
		}
		return w.close()
	}
	for k := range s.rows {
		row(k)
	}
	return w.close()
}

func nanoseconds(t float64) uint64 { return uint64(math.Round(math.Max(t, 0) * 1e9)) }

// nest splits names at their dots. Where one would be both a number and something with parts, it stays as it is.
func nest(names []string) [][]string {
	inner := map[string]bool{}
	for _, n := range names {
		for i := range n {
			if n[i] == '.' {
				inner[n[:i]] = true
			}
		}
	}
	paths := make([][]string, len(names))
	for i, n := range names {
		if paths[i] = strings.Split(n, "."); inner[n] {
			paths[i] = []string{n + " "} // a name that no other has
		}
	}
	return paths
}

// putAt stores x at a path.
func putAt(tree object, path []string, x any) {
	for _, p := range path[:len(path)-1] {
		next, ok := tree[p].(object)
		if !ok {
			next = object{}
			tree[p] = next
		}
		tree = next
	}
	tree[path[len(path)-1]] = x
}

// values returns a row without what is not known.
func values(paths [][]string, row []float64) object {
	tree := object{}
	for i, x := range row {
		if x-x == 0 {
			putAt(tree, paths[i], x)
		}
	}
	return tree
}

// schemaOf returns the JSON schema of such rows.
func schemaOf(paths [][]string) object {
	tree := object{}
	for _, p := range paths {
		putAt(tree, p, nil)
	}
	var of func(t object) object
	of = func(t object) object {
		properties := object{}
		for _, name := range slices.Sorted(maps.Keys(t)) {
			if inner, ok := t[name].(object); ok {
				properties[name] = of(inner)
			} else {
				properties[name] = object{"type": "number"}
			}
		}
		return object{"type": "object", "properties": properties}
	}
	return of(tree)
}

// writeBodies writes how the model looks, and where its bodies are at every instant, which is what row writes the rest of.
func writeBodies(ctx context.Context, w *mcapWriter, rec *sim.Recording, row func(k int)) error {
	anything := object{"type": "object"}
	looks, moves := w.topic("/scene", "foxglove.SceneUpdate", anything), w.topic("/tf", "foxglove.FrameTransforms", anything)
	m := rec.World
	f := scene.FromModel(m, scene.FigureOptions{})
	names := m.Bodies()
	var entities []object
	for i := range f.Parts() {
		p := &f.Parts()[i]
		frame := "world"
		if p.Body >= 0 {
			frame = names[p.Body]
		}
		if e := entity(p); e != nil {
			e["id"], e["frame_id"], e["frame_locked"] = itemName(p, i), frame, true
			e["timestamp"], e["lifetime"] = stamp(0), stamp(0)
			entities = append(entities, e)
		}
	}
	w.message(looks, 0, object{"deletions": []object{}, "entities": entities})
	poses, k := make([]sim.Pose, m.NB()), 0
	return moments(ctx, rec, false, func(now *scene.Moment) error {
		m.Poses(poses, now.State.Q)
		at := nanoseconds(now.Time)
		var all []object
		for i, x := range poses {
			t := pose(x.Pos, x.Rot)
			all = append(all, object{
				"timestamp": stamp(at), "parent_frame_id": "world", "child_frame_id": names[i], "translation": t["position"], "rotation": t["orientation"],
			})
		}
		w.message(moves, at, object{"transforms": all})
		row(k)
		k++
		return nil
	})
}

func itemName(p *scene.Part, i int) string { return strings.TrimSpace(p.Name + " " + strconv.Itoa(i)) }

func stamp(ns uint64) object { return object{"sec": ns / 1e9, "nsec": ns % 1e9} }

func xyzOf(v r3.Vec) object { return object{"x": v.X, "y": v.Y, "z": v.Z} }

func pose(at r3.Vec, q quat.Number) object {
	q = scene.Upright(q)
	return object{"position": xyzOf(at), "orientation": object{"x": q.Imag, "y": q.Jmag, "z": q.Kmag, "w": q.Real}}
}

// entity returns how a part is drawn, nil where these messages have no shape for it.
func entity(p *scene.Part) object {
	c := p.Color.Or(scene.ColorOf(p.Body))
	color := object{"r": c.R, "g": c.G, "b": c.B, "a": c.A}
	at := pose(p.Pose.Pos, p.Pose.Rot)
	box := func(x, y, z float64) object {
		return object{"pose": at, "size": xyzOf(r3.Vec{X: x, Y: y, Z: z}), "color": color}
	}
	s := &p.Shape
	d := 2 * s.Radius
	cylinder := func() object {
		c := box(d, d, 2*s.HalfLength)
		c["bottom_scale"], c["top_scale"] = 1, 1
		return c
	}
	switch {
	case p.Mesh != nil:
		return object{"triangles": []object{triangles(p, at, color)}}
	case s.Kind == contact.KindBox:
		return object{"cubes": []object{box(2*s.Half.X, 2*s.Half.Y, 2*s.Half.Z)}}
	case s.Kind == contact.KindSphere:
		return object{"spheres": []object{box(d, d, d)}}
	case s.Kind == contact.KindEllipsoid:
		return object{"spheres": []object{box(2*s.Half.X, 2*s.Half.Y, 2*s.Half.Z)}}
	case s.Kind == contact.KindCylinder:
		return object{"cylinders": []object{cylinder()}}
	case s.Kind == contact.KindCapsule:
		e := object{"cylinders": []object{cylinder()}}
		var ends []object
		for _, z := range []float64{-s.HalfLength, s.HalfLength} {
			b := box(d, d, d)
			b["pose"] = pose(p.Pose.Apply(r3.Vec{Z: z}), p.Pose.Rot)
			ends = append(ends, b)
		}
		e["spheres"] = ends
		return e
	case s.Kind == contact.KindPoints:
		var all []object
		for _, v := range s.Vertices {
			b := box(0.01, 0.01, 0.01)
			b["pose"] = pose(p.Pose.Apply(v), p.Pose.Rot)
			all = append(all, b)
		}
		return object{"spheres": all}
	}
	return nil
}

func triangles(p *scene.Part, at, color object) object {
	k := scene.Stretch(p.Scale)
	points := make([]object, len(p.Mesh.Vertices))
	for i, v := range p.Mesh.Vertices {
		points[i] = xyzOf(r3.Vec{X: v.X * k.X, Y: v.Y * k.Y, Z: v.Z * k.Z})
	}
	corners := make([]int, 0, 3*len(p.Mesh.Triangles))
	for _, t := range p.Mesh.Triangles {
		for _, i := range t {
			corners = append(corners, int(i))
		}
	}
	return object{"pose": at, "points": points, "color": color, "colors": []object{}, "indices": corners}
}
