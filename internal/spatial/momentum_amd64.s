#include "textflag.h"

DATA sign<>+0(SB)/8, $0x8000000000000000
GLOBL sign<>(SB), RODATA|NOPTR, $8

// CAYLEY applies I + [w]× + wwᵀ to three vectors, one per lane: components in Y0, Y1, Y2, those of the results in Y3, Y4,
// Y5, those of w, the same in all lanes, in Y13, Y14, Y15. Leaves their products with w in Y6. Clobbers Y7.
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

// PRODUCT adds the numbers of A times those of B to the register Y. T is scratch.
#define PRODUCT(A, B, Y, T) \
	VMULPD B, A, T; \
	VADDPD T, Y, Y

// func momentumJacAVX(a *Mat6, w *Vec, j *Sym3, x, dc *Vec, k *spinFactors, m float64)
//
// AX the matrix, BX w, CX J, SI x, DI dc, DX the factors.
TEXT ·momentumJacAVX(SB), NOSPLIT, $0-56
	MOVQ         a+0(FP), AX
	MOVQ         w+8(FP), BX
	MOVQ         j+16(FP), CX
	MOVQ         x+24(FP), SI
	MOVQ         dc+32(FP), DI
	MOVQ         k+40(FP), DX
	VBROADCASTSD 0(BX), Y13
	VBROADCASTSD 8(BX), Y14
	VBROADCASTSD 16(BX), Y15

	// columns of J in Y0, Y1, Y2: which is symmetric, so a vector per lane
	VECTOR(CX, Y0, X0, X3)        // XX, XY, XZ
	VMOVSD       8(CX), X1
	VMOVHPD      24(CX), X1, X1
	VMOVSD       32(CX), X2
	VINSERTF128  $1, X2, Y1, Y1   // XY, YY, YZ
	VMOVSD       16(CX), X2
	VMOVHPD      32(CX), X2, X2
	VMOVSD       40(CX), X3
	VINSERTF128  $1, X3, Y2, Y2   // XZ, YZ, ZZ

	// rows of C J in Y3, Y4, Y5, its columns in Y0, Y1, Y2, rows of C J Cᵀ in Y3, Y4, Y5, and c in Y6
	CAYLEY
	TURN
	CAYLEY

	// w in Y9, w·c in X11, f in Y12, e in Y10, ½ℓ in Y8
	VECTOR(BX, Y9, X9, X10)
	VMULPD       Y6, Y9, Y10
	VPERMILPD    $1, X10, X11
	VADDSD       X11, X10, X11
	VEXTRACTF128 $1, Y10, X12
	VADDSD       X12, X11, X11
	VMULSD       8(DX), X11, X12
	VUNPCKLPD    X12, X12, X12
	VINSERTF128  $1, X12, Y12, Y12
	VMULSD       24(DX), X11, X11
	VUNPCKLPD    X11, X11, X11
	VINSERTF128  $1, X11, Y11, Y11
	VBROADCASTSD 16(DX), Y10
	VMULPD       Y6, Y10, Y10
	PRODUCT(Y9, Y11, Y10, Y0)
	VBROADCASTSD 0(DX), Y7
	VMULPD       Y6, Y7, Y8
	PRODUCT(Y9, Y12, Y8, Y0)

	// rows of K in Y3, Y4, Y5: a C J Cᵀ + w eᵀ + e wᵀ
	VMULPD       Y7, Y3, Y3
	VMULPD       Y7, Y4, Y4
	VMULPD       Y7, Y5, Y5
	PRODUCT(Y10, Y13, Y3, Y0)
	PRODUCT(Y10, Y14, Y4, Y0)
	PRODUCT(Y10, Y15, Y5, Y0)
	VPERM2F128   $0x00, Y10, Y10, Y0
	VPERM2F128   $0x11, Y10, Y10, Y2
	VPERMILPD    $0x0f, Y0, Y1
	VPERMILPD    $0x00, Y0, Y0
	VPERMILPD    $0x00, Y2, Y2
	PRODUCT(Y9, Y0, Y3, Y0)
	PRODUCT(Y9, Y1, Y4, Y1)
	PRODUCT(Y9, Y2, Y5, Y2)

	// plus (f, l₂, −l₁), (−l₂, f, l₀), (l₁, −l₀, f), with l₂ in X10, l₁ in X11, −l₀ in X6
	VBROADCASTSD sign<>(SB), Y7
	VEXTRACTF128 $1, Y8, X10
	VPERMILPD    $1, X8, X11
	VXORPD       X7, X8, X6
	VUNPCKLPD    X10, X12, X0
	VXORPD       X7, X11, X1
	VINSERTF128  $1, X1, Y0, Y0
	VADDPD       Y0, Y3, Y3
	VXORPD       X7, X10, X1
	VUNPCKLPD    X12, X1, X1
	VINSERTF128  $1, X8, Y1, Y1
	VADDPD       Y1, Y4, Y4
	VUNPCKLPD    X6, X11, X2
	VINSERTF128  $1, X12, Y2, Y2
	VADDPD       Y2, Y5, Y5

	// x in Y8, z in Y9, the diagonal m(x·z − x∘z) of −m[x]×[z]× in Y10, m in Y12
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

	// m z in Y13 and X14, −m z in Y9 and X11; plus −m z xᵀ but for its diagonal
	VMULPD       Y12, Y9, Y13
	VXORPD       Y7, Y13, Y9
	VEXTRACTF128 $1, Y13, X14
	VEXTRACTF128 $1, Y9, X11
	VPERM2F128   $0x00, Y9, Y9, Y0
	VPERM2F128   $0x11, Y9, Y9, Y2
	VPERMILPD    $0x0f, Y0, Y1
	VPERMILPD    $0x00, Y0, Y0
	VPERMILPD    $0x00, Y2, Y2
	VMULPD       Y8, Y0, Y0
	VBLENDPD     $1, Y10, Y0, Y0
	VADDPD       Y0, Y3, Y3
	VMULPD       Y8, Y1, Y1
	VBLENDPD     $2, Y10, Y1, Y1
	VADDPD       Y1, Y4, Y4
	VMULPD       Y8, Y2, Y2
	VBLENDPD     $4, Y10, Y2, Y2
	VADDPD       Y2, Y5, Y5

	// rows 0, 1, 2
	VXORPD       X0, X0, X0
	VMOVSD       m+48(FP), X1
	VBLENDPD     $2, X9, X14, X2
	VMOVUPD      Y1, 0(AX)        // m, 0, 0, 0
	VMOVUPD      X2, 32(AX)       // m z₂, −m z₁
	VUNPCKLPD    X1, X0, X2
	VUNPCKLPD    X11, X0, X6
	VINSERTF128  $1, X6, Y2, Y2
	VMOVUPD      Y2, 48(AX)       // 0, m, 0, −m z₂
	VUNPCKLPD    X13, X0, X2
	VMOVUPD      X2, 80(AX)       // 0, m z₀
	VBLENDPD     $2, X13, X1, X2
	VINSERTF128  $1, X2, Y0, Y2
	VMOVUPD      Y2, 96(AX)       // 0, 0, m, m z₁
	VBLENDPD     $1, X9, X0, X2
	VMOVUPD      X2, 128(AX)      // −m z₀, 0

	// rows 3, 4, 5, in order: what is written beyond the end of a part is written again; m x in Y8 and X9, −m x in Y10
	VMULPD       Y12, Y8, Y8
	VXORPD       Y7, Y8, Y10
	VEXTRACTF128 $1, Y8, X9
	VEXTRACTF128 $1, Y10, X11
	VUNPCKLPD    X11, X0, X1
	VPERMILPD    $1, X8, X2
	VINSERTF128  $1, X2, Y1, Y1
	VMOVUPD      Y1, 144(AX)      // 0, −m x₂, m x₁
	VMOVUPD      Y3, 168(AX)
	VBLENDPD     $1, X9, X0, X1
	VINSERTF128  $1, X10, Y1, Y1
	VMOVUPD      Y1, 192(AX)      // m x₂, 0, −m x₀
	VMOVUPD      Y4, 216(AX)
	VBLENDPD     $2, X10, X8, X1
	VPERMILPD    $1, X1, X1
	VMOVUPD      Y1, 240(AX)      // −m x₁, m x₀, 0
	VMOVUPD      X5, 264(AX)
	VEXTRACTF128 $1, Y5, X5
	VMOVSD       X5, 280(AX)
	VZEROUPPER
	RET
