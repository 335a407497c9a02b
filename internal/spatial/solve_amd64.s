#include "textflag.h"

// ROW loads row k of the right sides, the one that the order says.
#define ROW(k, Y, X) \
	MOVQ    (8*k)(SI), DX;     \
	VMOVUPD (BX)(DX*1), Y;     \
	VMOVUPD 32(BX)(DX*1), X

// LESS subtracts number k of the factors times row (P, Q) from row (Y, X).
#define LESS(k, Y, X, P, Q) \
	VBROADCASTSD (8*k)(AX), Y12; \
	VMULPD       P, Y12, Y13;    \
	VSUBPD       Y13, Y, Y;      \
	VMULPD       Q, X12, X14;    \
	VSUBPD       X14, X, X

// OVER divides row (Y, X) by number k of the factors and stores it as row r.
#define OVER(k, r, Y, X) \
	VBROADCASTSD (8*k)(AX), Y12; \
	VDIVPD       Y12, Y, Y;      \
	VDIVPD       X12, X, X;      \
	VMOVUPD      Y, (48*r)(CX);  \
	VMOVUPD      X, (48*r+32)(CX)

// func solveRowsAVX(lu *[36]float64, order *[6]int, y, v *[6]Wrench)
//
// AX the factors, SI the order of the rows in bytes, BX the right sides, CX the solution. All rows are in registers.
TEXT ·solveRowsAVX(SB), NOSPLIT, $0-32
	MOVQ lu+0(FP), AX
	MOVQ order+8(FP), SI
	MOVQ y+16(FP), CX
	MOVQ v+24(FP), BX
	ROW(0, Y0, X6)
	ROW(1, Y1, X7)
	ROW(2, Y2, X8)
	ROW(3, Y3, X9)
	ROW(4, Y4, X10)
	ROW(5, Y5, X11)
	LESS(6, Y1, X7, Y0, X6)
	LESS(12, Y2, X8, Y0, X6)
	LESS(13, Y2, X8, Y1, X7)
	LESS(18, Y3, X9, Y0, X6)
	LESS(19, Y3, X9, Y1, X7)
	LESS(20, Y3, X9, Y2, X8)
	LESS(24, Y4, X10, Y0, X6)
	LESS(25, Y4, X10, Y1, X7)
	LESS(26, Y4, X10, Y2, X8)
	LESS(27, Y4, X10, Y3, X9)
	LESS(30, Y5, X11, Y0, X6)
	LESS(31, Y5, X11, Y1, X7)
	LESS(32, Y5, X11, Y2, X8)
	LESS(33, Y5, X11, Y3, X9)
	LESS(34, Y5, X11, Y4, X10)
	OVER(35, 5, Y5, X11)
	LESS(29, Y4, X10, Y5, X11)
	OVER(28, 4, Y4, X10)
	LESS(22, Y3, X9, Y4, X10)
	LESS(23, Y3, X9, Y5, X11)
	OVER(21, 3, Y3, X9)
	LESS(15, Y2, X8, Y3, X9)
	LESS(16, Y2, X8, Y4, X10)
	LESS(17, Y2, X8, Y5, X11)
	OVER(14, 2, Y2, X8)
	LESS(8, Y1, X7, Y2, X8)
	LESS(9, Y1, X7, Y3, X9)
	LESS(10, Y1, X7, Y4, X10)
	LESS(11, Y1, X7, Y5, X11)
	OVER(7, 1, Y1, X7)
	LESS(1, Y0, X6, Y1, X7)
	LESS(2, Y0, X6, Y2, X8)
	LESS(3, Y0, X6, Y3, X9)
	LESS(4, Y0, X6, Y4, X10)
	LESS(5, Y0, X6, Y5, X11)
	OVER(0, 0, Y0, X6)
	VZEROUPPER
	RET

// func solveNumbersAVX(lu *[36]float64, order *[6]int, y, v *[6][6]float64)
//
// The same, of rows that are not called wrenches. All are loaded before any is stored, so y may be v.
TEXT ·solveNumbersAVX(SB), NOSPLIT, $0-32
	JMP ·solveRowsAVX(SB)
