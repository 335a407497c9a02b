#include "textflag.h"

DATA half<>+0(SB)/8, $0.5
GLOBL half<>(SB), RODATA|NOPTR, $8

DATA sign<>+0(SB)/8, $0x8000000000000000
GLOBL sign<>(SB), RODATA|NOPTR, $8

// CAYLEY applies I + [w]× + wwᵀ to three vectors, one per lane: components in Y0, Y1, Y2, those of the results in Y3, Y4,
// Y5, those of w, the same in all lanes, in Y13, Y14, Y15. Clobbers Y6, Y7.
#define CAYLEY \
	VMULPD Y13, Y0, Y6; \
	VMULPD Y14, Y1, Y7; \
	VADDPD Y7, Y6, Y6;  \
	VMULPD Y15, Y2, Y7; \
	VADDPD Y7, Y6, Y6;  \
	VMULPD Y14, Y2, Y7; \
	VADDPD Y7, Y0, Y3;  \
	VMULPD Y15, Y1, Y7; \
	VSUBPD Y7, Y3, Y3;  \
	VMULPD Y13, Y6, Y7; \
	VADDPD Y7, Y3, Y3;  \
	VMULPD Y15, Y0, Y7; \
	VADDPD Y7, Y1, Y4;  \
	VMULPD Y13, Y2, Y7; \
	VSUBPD Y7, Y4, Y4;  \
	VMULPD Y14, Y6, Y7; \
	VADDPD Y7, Y4, Y4;  \
	VMULPD Y13, Y1, Y7; \
	VADDPD Y7, Y2, Y5;  \
	VMULPD Y14, Y0, Y7; \
	VSUBPD Y7, Y5, Y5;  \
	VMULPD Y15, Y6, Y7; \
	VADDPD Y7, Y5, Y5

// TURN transposes the 3×3 matrix in Y3, Y4, Y5 into Y0, Y1, Y2. Clobbers Y6, Y7.
#define TURN \
	VUNPCKLPD   Y4, Y3, Y6;     \
	VUNPCKHPD   Y4, Y3, Y7;     \
	VINSERTF128 $1, X5, Y6, Y0; \
	VPERMILPD   $1, X5, X1;     \
	VINSERTF128 $1, X1, Y7, Y1; \
	VPERM2F128  $0x31, Y5, Y6, Y2

// VECTOR loads the three numbers at P into the register Y, of which X is the low half. T is scratch.
#define VECTOR(P, Y, X, T) \
	VMOVUPD     (P), X;       \
	VMOVSD      16(P), T;     \
	VINSERTF128 $1, T, Y, Y

// STORE stores the three numbers of the register Y at byte o of the matrix. T is scratch.
#define STORE(Y, X, o, T) \
	VMOVUPD      X, (o)(AX);  \
	VEXTRACTF128 $1, Y, T;    \
	VMOVSD       T, (16+o)(AX)

// func spinJacAVX(a *Mat6, w *Vec, grad *Sym3, y, x, dc *Vec, m float64)
//
// AX the matrix, BX w, CX Z, DX z, which is y here, SI x, DI dc.
TEXT ·spinJacAVX(SB), NOSPLIT, $0-56
	MOVQ         a+0(FP), AX
	MOVQ         w+8(FP), BX
	MOVQ         grad+16(FP), CX
	MOVQ         y+24(FP), DX
	MOVQ         x+32(FP), SI
	MOVQ         dc+40(FP), DI
	VBROADCASTSD 0(BX), Y13
	VBROADCASTSD 8(BX), Y14
	VBROADCASTSD 16(BX), Y15

	// columns of Z in Y0, Y1, Y2: which is symmetric, so a vector per lane
	VECTOR(CX, Y0, X0, X3)        // XX, XY, XZ
	VMOVSD       8(CX), X1
	VMOVHPD      24(CX), X1, X1
	VMOVSD       32(CX), X2
	VINSERTF128  $1, X2, Y1, Y1   // XY, YY, YZ
	VMOVSD       16(CX), X2
	VMOVHPD      32(CX), X2, X2
	VMOVSD       40(CX), X3
	VINSERTF128  $1, X3, Y2, Y2   // XZ, YZ, ZZ
	VECTOR(DX, Y8, X8, X3)

	// rows of B = (I + [w]× + wwᵀ) Z in Y3, Y4, Y5
	CAYLEY

	// d = w·y in X9, y₂ in X10, y₁ in X11, −y₀ in X6
	VMOVUPD      (BX), X9
	VMULPD       X8, X9, X9
	VPERMILPD    $1, X9, X10
	VADDSD       X10, X9, X9
	VEXTRACTF128 $1, Y8, X10
	VMULSD       X15, X10, X11
	VADDSD       X11, X9, X9
	VPERMILPD    $1, X8, X11
	VBROADCASTSD sign<>(SB), Y7
	VXORPD       X7, X8, X6

	// plus the rows (d, y₂, −y₁), (−y₂, d, y₀), (y₁, −y₀, d), plus w yᵀ
	VUNPCKLPD    X10, X9, X0
	VXORPD       X7, X11, X1
	VINSERTF128  $1, X1, Y0, Y0
	VADDPD       Y0, Y3, Y3
	VXORPD       X7, X10, X1
	VUNPCKLPD    X9, X1, X1
	VINSERTF128  $1, X8, Y1, Y1
	VADDPD       Y1, Y4, Y4
	VUNPCKLPD    X6, X11, X2
	VINSERTF128  $1, X9, Y2, Y2
	VADDPD       Y2, Y5, Y5
	VMULPD       Y13, Y8, Y0
	VADDPD       Y0, Y3, Y3
	VMULPD       Y14, Y8, Y0
	VADDPD       Y0, Y4, Y4
	VMULPD       Y15, Y8, Y0
	VADDPD       Y0, Y5, Y5

	// columns of 2K in Y3, Y4, Y5: its rows are the lanes
	TURN
	CAYLEY

	// x in Y8, z in Y9, the diagonal m(x·z − x∘z) of −m[x]×[z]× in Y10, −m z in Y9
	VECTOR(SI, Y8, X8, X9)
	VECTOR(DI, Y9, X9, X10)
	VADDPD       Y9, Y8, Y9
	VMULPD       Y8, Y9, Y10
	VPERMILPD    $1, X10, X11
	VADDSD       X11, X10, X11
	VEXTRACTF128 $1, Y10, X12
	VADDSD       X12, X11, X11
	VUNPCKLPD    X11, X11, X11
	VINSERTF128  $1, X11, Y11, Y11
	VSUBPD       Y10, Y11, Y10
	VBROADCASTSD m+48(FP), Y12
	VMULPD       Y12, Y10, Y10
	VBROADCASTSD sign<>(SB), Y7
	VXORPD       Y7, Y12, Y12
	VMULPD       Y12, Y9, Y9

	// columns of K − m[x]×[z]×
	VBROADCASTSD half<>(SB), Y7
	VMULPD       Y7, Y3, Y3
	VMULPD       Y7, Y4, Y4
	VMULPD       Y7, Y5, Y5
	VBROADCASTSD 0(SI), Y0
	VMULPD       Y0, Y9, Y0
	VBLENDPD     $1, Y10, Y0, Y0
	VADDPD       Y0, Y3, Y3
	VBROADCASTSD 8(SI), Y0
	VMULPD       Y0, Y9, Y0
	VBLENDPD     $2, Y10, Y0, Y0
	VADDPD       Y0, Y4, Y4
	VBROADCASTSD 16(SI), Y0
	VMULPD       Y0, Y9, Y0
	VBLENDPD     $4, Y10, Y0, Y0
	VADDPD       Y0, Y5, Y5

	TURN
	STORE(Y0, X0, 168, X3)
	STORE(Y1, X1, 216, X3)
	STORE(Y2, X2, 264, X3)
	VZEROUPPER
	RET
