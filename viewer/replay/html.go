package replay

import (
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// WriteHTML writes the film as one self-contained page.
func (f *Film) WriteHTML(w io.Writer) error {
	if len(f.rows) == 0 {
		return errors.New("replay: the film has no frames")
	}
	d, meshes, err := describe(f.figure)
	if err != nil {
		return err
	}
	d.Title, d.Autoplay = f.opt.Title, !f.opt.Still
	d.Frames = len(f.rows)
	d.aim(f.figure, f.qs)
	ch := f.columns()
	split, common := 7*len(f.probe.poses), 7*len(f.probe.poses)+len(signals)
	block, err := appendChannels(appendMeshes(nil, meshes), ch[:split])
	if err != nil {
		return err
	}
	for _, s := range ch[split:common] {
		block = append(block, appendFloats(nil, s)...)
	}
	for _, s := range ch[common:] {
		block = append(block, appendFloats(nil, rounded(s))...)
	}
	if d.Sliders = f.joints; len(d.Sliders) > 0 {
		if block, err = appendChannels(block, f.positions()); err != nil {
			return err
		}
	}
	block = append(block, appendFloats(nil, f.times)...)
	frames, contacts := f.contacts()
	d.Contacts = len(frames)
	if block, err = appendChannels(appendIndices(block, frames), contacts); err != nil {
		return err
	}
	if d.Block, err = pack(block); err != nil {
		return err
	}
	return writePage(w, &page{title: d.Title, info: d})
}

// Describe returns what pages must know to show a figure that moves later, as JSON; start is where it begins. See
// package live.
func Describe(f *scene.Figure, title string, start []float64) (json.RawMessage, error) {
	d, meshes, err := describe(f)
	if err != nil {
		return nil, err
	}
	d.Title, d.Sliders = title, scene.Sliders(f.Model())
	d.aim(f, [][]float64{start})
	d.Camera.Distance *= 1.7 // nobody knows yet where it will go
	d.Camera.Follow = d.Camera.Follow || travels(f.Model())
	if d.Block, err = pack(appendMeshes(nil, meshes)); err != nil {
		return nil, err
	}
	return json.Marshal(d)
}

// travels reports whether something of m is free to go away.
func travels(m *sim.Model) bool {
	return slices.ContainsFunc(m.Joints(), func(j sim.JointInfo) bool { return j.Parent < 0 && len(j.Type.Trans) > 1 })
}

// appendMeshes appends meshes to dst; a mesh with an impossible vertex was refused when it was loaded.
func appendMeshes(dst []byte, meshes []*scene.Mesh) []byte {
	for _, m := range meshes {
		var xyz [3][]float64
		for _, v := range m.Vertices {
			for k, x := range vec(v) {
				xyz[k] = append(xyz[k], x)
			}
		}
		corners := make([]uint32, 0, 3*len(m.Triangles))
		for _, t := range m.Triangles {
			corners = append(corners, uint32(t[0]), uint32(t[1]), uint32(t[2]))
		}
		dst, _ = appendChannels(dst, xyz[:])
		dst = appendIndices(dst, corners)
	}
	return dst
}
