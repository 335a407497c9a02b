package contact

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/pieces"
	"gonum.org/v1/gonum/spatial/r3"
)

// PieceOptions say how finely [ConvexPieces] divides.
type PieceOptions struct {
	Tolerance float64 // m, positive: how far outside of the mesh a piece may be. Less than 1/2000 of the size of the mesh is taken for that
	Most      int     // pieces. Default 64. Where they do not suffice the tolerance does not hold
}

// PieceReport says what became of a mesh.
type PieceReport struct {
	Outside float64 // m: how far the surfaces of pieces are outside of the mesh at most, found to a sixteenth of the tolerance
	Joined  int     // pieces that were made and joined to others again
	Sheet   bool    // the mesh, or some of it, is not closed, and is taken for a sheet without an inside
}

// ConvexPieces divides a mesh that is not convex, such as a cup or a hook, into convex pieces that may move: shapes of
// [KindPoints] for one link, in the frame of the vertices (m). Triangles are indices of vertices, counterclockwise from outside. What is
// convex is one piece, its hull.
//
// Pieces hold the surface of the mesh, of several all but a sixteenth of the tolerance. They are outside of it by no more than the tolerance
// where the report does not say so, but for cavities behind openings that the tolerance covers, and voids that are closed: those are
// taken for full. Neighbors may overlap, which is no harm: shapes of one link do not touch each other. Inertia is that of the mesh,
// not of the pieces.
//
// Holes, triangles that are twice there, and triangles that face in do little harm. Errors are a tolerance that is not positive, indices
// and coordinates that are impossible, a mesh without area, and one of more than a million triangles. The same mesh has the same pieces, in whatever order its triangles are. How
// they are found is approximate convex decomposition (Lien and Amato 2007) by planes as Mamou and Ghorbel (2009) and Wei et al. (2022)
// choose them.
func ConvexPieces(vertices []r3.Vec, triangles [][3]int32, opt PieceOptions) ([]Shape, PieceReport, error) {
	r, err := pieces.Of(vertices, triangles, pieces.Options{Tolerance: opt.Tolerance, Most: opt.Most})
	if err != nil {
		return nil, PieceReport{}, fmt.Errorf("contact: %w", err)
	}
	var out []Shape
	for _, p := range r.Pieces {
		out = append(out, Points(p))
	}
	return out, PieceReport{Outside: r.Outside, Joined: r.Joined, Sheet: r.Sheet}, nil
}
