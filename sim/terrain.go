package sim

import (
	"github.com/ukemi-sim/ukemi/contact"
)

// AddTerrain adds ground to the world: a shape of contact.HeightField or contact.Mesh, placed in the world; a zero Rot
// means no rotation. As against half-spaces, friction is that of the shapes that touch it, unless
// [Builder.SetPairFriction] gives the pair another one. It is a collider of [World] with the given name.
func (b *Builder) AddTerrain(name string, s contact.Shape, at Pose) {
	if s.Kind != contact.KindTerrain {
		b.errorf("terrain %q: a %v is none; use contact.HeightField or contact.Mesh", name, s.Kind)
		return
	}
	b.AddCollider(Collider{Name: name, Link: World, Shape: s, Pose: at})
}
